using System;
using System.Diagnostics;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Updates, failed trials and restarts on raw flash in RAM. Prints the checksum of the flash after each step.</summary>
public static class StorageRunner
{
    private const int PageBytes = 4096;
    private const int PageCount = 12;
    private const int BlockBytes = 512;
    private const int Steps = 12;

    private static readonly byte[] Flash = new byte[PageBytes * PageCount];
    private static readonly byte[] Block = new byte[BlockBytes];
    private static readonly byte[] Id = new byte[JournalLayout.IdBytes];
    private static RegionFileStore _store;
    private static Slots _slots;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        for (int step = 0; step < Steps; step++)
            Debug.WriteLine("flash " + Step(step).ToString());
        Debug.WriteLine("end");
    }

    /// <summary>Starts the device and gives it an order, which every third model fails.</summary>
    /// <returns>Checksum of the flash and of what the slots say.</returns>
    public static uint Step(int step)
    {
        Start();
        Update(step);
        bool fails = step % 3 == 2;
        if (step % 4 == 3)
            Start();
        else if (fails)
            _slots.RollBack((int)AgentError.SelfTest);
        else
            _slots.Confirm(step / 4);
        JournalState state = _slots.State;
        Block[0] = (byte)_slots.Running;
        Block[1] = (byte)state.Outcome;
        Block[2] = (byte)state.OutcomeError;
        Block[3] = (byte)state.Epoch;
        return Crc32.Append(Crc32.Compute(Block, 0, 4), Flash, 0, Flash.Length);
    }

    private static void Start()
    {
        _store = new RegionFileStore(new ArrayFlash(), new int[] { 4096, 4096, 4096, 4096, 512, 512 });
        if (!_store.Mount())
            Debug.WriteLine("not mounted");
        _slots = new Slots(_store, new AnythingIsWhole());
        Expect(_slots.Open());
    }

    private static void Update(int step)
    {
        Id[0] = (byte)(step + 1);
        Expect(_slots.BeginUpdate(Id, 0, step + 1, null));
        for (int i = 0; i < BlockBytes; i++)
            Block[i] = (byte)(step + (i * 7));
        Expect(_slots.WriteManifest(0, Block, 0, 200));
        // Out of order, and one block over itself.
        Expect(_slots.WriteModel(3 * BlockBytes, Block, 0, BlockBytes));
        Expect(_slots.WriteModel(0, Block, 0, BlockBytes));
        Expect(_slots.WriteModel(BlockBytes, Block, 0, BlockBytes));
        Block[9] ^= 1;
        Expect(_slots.WriteModel(BlockBytes, Block, 0, BlockBytes));
        Expect(_slots.MarkPending());
        Expect(_slots.BeginTrial());
    }

    private static void Expect(AgentError error)
    {
        if (error != AgentError.None)
            Debug.WriteLine("error " + ((int)error).ToString());
    }

    private sealed class AnythingIsWhole : SlotCheck
    {
        public override bool IsWhole(FileStore store, Slot slot, byte[] manifestId)
        {
            return true;
        }
    }

    private sealed class ArrayFlash : RawFlash
    {
        public override int PageBytes => StorageRunner.PageBytes;

        public override int PageCount => StorageRunner.PageCount;

        public override byte ErasedValue => 0;

        public override bool Read(int address, byte[] buffer, int index, int count)
        {
            Array.Copy(Flash, address, buffer, index, count);
            return true;
        }

        public override bool Program(int address, byte[] buffer, int index, int count)
        {
            Array.Copy(buffer, index, Flash, address, count);
            return true;
        }

        public override bool ErasePage(int page)
        {
            Array.Clear(Flash, page * StorageRunner.PageBytes, StorageRunner.PageBytes);
            return true;
        }
    }
}
