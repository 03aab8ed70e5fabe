using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Storage;

/// <summary>The database: any number of readers, and one writer that commits what waits together.</summary>
/// <remarks>
/// A write is done when its task has ended, and then it is on the disk; a write that throws has changed nothing. Writes run one after another, so what
/// a write reads stays true until it ends. Thread-safe.
/// </remarks>
internal sealed class Store : IDisposable
{
    private const int WritesPerCommitMax = 512;
    private const int WritesWaitingMax = 8_192;

    // The primary result codes after which SQLite may have rolled back the whole transaction (sqlite.org/lang_transaction.html).
    private static readonly int[] TransactionEnding = [7, 8, 9, 10, 11, 13, 14];

    private readonly string _readString;
    private readonly SqliteConnection _connection;
    private readonly BlockingCollection<Write> _writes = new(WritesWaitingMax);
    private readonly SemaphoreSlim _room = new(WritesWaitingMax);
    private readonly Thread _thread;
    private long _commits, _written, _failed;

    /// <summary>Opens the database, and makes or upgrades it if need be.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Storage"/> or <see cref="RelayErrorCodes.DataFolder"/>.</exception>
    public Store(DataFolder folder, Action<SqliteConnection>? configure = null)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = folder.Database, DefaultTimeout = 30, Pooling = false };
        _readString = new SqliteConnectionStringBuilder(builder.ConnectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ConnectionString;
        _connection = new SqliteConnection(builder.ConnectionString);
        try
        {
            _connection.Open();
            _connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
            Schema.Upgrade(_connection);
            configure?.Invoke(_connection);
        }
        catch (SqliteException exception)
        {
            _connection.Dispose();
            throw Failure(exception);
        }
        _thread = new Thread(Run) { Name = "relay store", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Commits so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Writes that were committed so far.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Writes that failed for the disk so far.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Whether the last commit succeeded.</summary>
    public bool IsHealthy { get; private set; } = true;

    /// <summary>Reads. Sees all writes whose tasks have ended.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = new SqliteConnection(_readString);
            connection.Open();
            return read(connection);
        }
        catch (SqliteException exception)
        {
            throw Failure(exception);
        }
    }

    /// <summary>Writes; waits where too many writes wait.</summary>
    /// <param name="write">Runs within a transaction. It is not repeated.</param>
    /// <returns>What <paramref name="write"/> returned, once it is on the disk.</returns>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Storage"/>, or what <paramref name="write"/> throws.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write)
    {
        await _room.WaitAsync();
        var pending = new Write<T>(write);
        try
        {
            _writes.Add(pending);
        }
        catch (InvalidOperationException exception)
        {
            _room.Release();
            throw new RelayException(RelayErrorCodes.Storage, "The relay is stopping.", statusCode: 503, innerException: exception);
        }
        return await pending.Task;
    }

    /// <summary>Writes; see the other overload.</summary>
    public Task WriteAsync(Action<SqliteConnection> write) => WriteAsync(connection =>
    {
        write(connection);
        return true;
    });

    /// <summary>Writes what waits, and closes the database.</summary>
    public void Dispose()
    {
        if (_writes.IsAddingCompleted)
            return;
        _writes.CompleteAdding();
        _thread.Join();
        _connection.Dispose();
        using var readers = new SqliteConnection(_readString);
        SqliteConnection.ClearPool(readers);
    }

    private static RelayException Failure(SqliteException exception) =>
        new(RelayErrorCodes.Storage, $"The database refuses: {exception.Message}", "Make room on the relay's disk, and check its permissions.", 507, exception);

    private void Run()
    {
        var batch = new List<Write>(WritesPerCommitMax);
        foreach (Write first in _writes.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < WritesPerCommitMax && _writes.TryTake(out Write? next))
                batch.Add(next);
            Commit(batch);
            _room.Release(batch.Count);
            batch.Clear();
        }
    }

    private void Commit(List<Write> batch)
    {
        try
        {
            _connection.Execute("begin immediate");
            foreach (Write write in batch)
                RunOne(write);
            _connection.Execute("commit");
            IsHealthy = true;
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _written, batch.Count);
        }
        catch (SqliteException exception)
        {
            IsHealthy = false;
            Interlocked.Add(ref _failed, batch.Count);
            RollBack();
            RelayException failure = Failure(exception);
            batch.ForEach(write => write.Fail(failure));
            return;
        }
        batch.ForEach(write => write.Complete());
    }

    private void RunOne(Write write)
    {
        _connection.Execute("savepoint one");
        try
        {
            write.Run(_connection);
        }
        catch (Exception exception) when (exception is not SqliteException sqlite || !TransactionEnding.Contains(sqlite.SqliteErrorCode))
        {
            write.Fail(exception);
            _connection.Execute("rollback to one");
        }
        _connection.Execute("release one");
    }

    private void RollBack()
    {
        try
        {
            _connection.Execute("rollback");
        }
        catch (SqliteException exception)
        {
            // SQLite has rolled back by itself.
            Debug.Assert(exception.SqliteErrorCode == 1, exception.Message);
        }
    }

    private abstract class Write
    {
        public abstract void Run(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> write) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override void Run(SqliteConnection connection) => _result = write(connection);

        public override void Complete() => _done.TrySetResult(_result);

        public override void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
