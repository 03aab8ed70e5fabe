using System.Net;
using System.Net.Sockets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Takes connections at one address.</summary>
internal sealed class ConnectionListener : IDisposable
{
    private const int Backlog = 1_024;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;

    /// <exception cref="MqttException"><see cref="MqttErrorCodes.ListenFailed"/>.</exception>
    public ConnectionListener(BrokerListener options)
    {
        Options = options;
        _socket = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(options.EndPoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            _socket.Dispose();
            throw new MqttException(
                MqttErrorCodes.ListenFailed, $"The broker cannot listen at {options.EndPoint}: {exception.Message}.", "Choose another port, or stop what uses this one.", exception);
        }
    }

    public BrokerListener Options { get; }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Hands over connections until it is disposed.</summary>
    public async Task RunAsync(Action<Socket> onConnection, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                onConnection(await _socket.AcceptAsync(cancellationToken));
            }
            catch (SocketException) when (!cancellationToken.IsCancellationRequested)
            {
                // A connection was reset while it waited, or there are no file handles left: both pass.
                await Task.Delay(PauseAfterFailure, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
