using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>What all tests share: memory, slots, pages, and what the kernel has told.</summary>
internal struct Setting
{
    /// <summary>log2 of the bytes that a test makes its objects of.</summary>
    internal const byte ArenaBits = 21;

    /// <summary>log2 of the bytes that a frame of 2 MiB is made of.</summary>
    internal const byte LargeBits = ObjectSize.LargeFrameBits;

    private const ulong MicrosecondsInSecond = 1_000_000;

    /// <summary>Core number.</summary>
    internal uint Core;

    /// <summary>Cores of the machine.</summary>
    internal uint Cores;

    /// <summary>TSC ticks a microsecond.</summary>
    internal ulong TicksPerMicrosecond;

    /// <summary>The first slot that a test may fill.</summary>
    internal uint First;

    /// <summary>A notification that nobody signals: to wait at.</summary>
    internal uint Quiet;

    /// <summary>The frame of the workers' message buffers.</summary>
    internal uint Buffers;

    /// <summary>The frame of machine code.</summary>
    internal uint Code;

    /// <summary>The frame of <see cref="Board"/>.</summary>
    internal uint BoardFrame;

    /// <summary>Slot of the memory that a test makes its objects of.</summary>
    internal uint Arena;

    /// <summary>Slot of memory as large as one frame of 2 MiB: beside the arena, so that a test can have both.</summary>
    internal uint Large;

    private uint _memory;
    private uint _next;

    /// <summary>The root CNode.</summary>
    internal static CNodeTable Root => new(RootSlot.CNode);

    /// <summary>What the kernel has told.</summary>
    [Trusted(Safety = "The kernel maps the page there, readable, before the program begins.")]
    internal static unsafe ref BootInformation Told => ref *(BootInformation*)BootInformation.Address;

    /// <summary>Takes memory and maps pages.</summary>
    internal static Setting Begin()
    {
        ref BootInformation told = ref Told;
        uint largest = 0;
        for (uint index = 1; index < told.UntypedCount; index++)
        {
            if (told.Sizes[(int)index] > told.Sizes[(int)largest])
            {
                largest = index;
            }
        }

        Setting setting = new()
        {
            Core = told.Core,
            Cores = told.Cores,
            TicksPerMicrosecond = told.TscHz / MicrosecondsInSecond,
            _memory = told.FirstUntyped + largest,
            _next = told.FirstFree,
        };
        setting.Prepare();
        return setting;
    }

    private void Prepare()
    {
        Arena = Make(CapabilityType.Untyped, ArenaBits);
        Large = Make(CapabilityType.Untyped, LargeBits);
        Quiet = Make(CapabilityType.Notification);
        BoardFrame = MakePage(Layout.Board);
        Code = MakePage(Layout.CodeWrite);
        Buffers = MakePage(Layout.Buffers);
        uint alias = _next++;
        Report.Expect(Root.Copy(alias, Root, Code));
        Report.Expect(new MemoryFrame(alias).Map(RootSlot.VSpace, Layout.CodeRun, MapRights.ReadExecute));
        for (uint worker = 0; worker < Layout.Workers; worker++)
        {
            _ = MakePage(Layout.StackTop(worker) - Layout.Page);
            _ = MakePage(Layout.StackTop(worker) - (2 * Layout.Page));
        }

        First = _next;
    }

    private uint MakePage(ulong address)
    {
        uint frame = Make(CapabilityType.Frame, ObjectSize.FrameBits);
        Report.Expect(new MemoryFrame(frame).Map(RootSlot.VSpace, address, MapRights.ReadWrite));
        return frame;
    }

    private uint Make(CapabilityType type, byte sizeBits = 0)
    {
        uint slot = _next++;
        Report.Expect(new UntypedMemory(_memory).Retype(type, Root, slot, sizeBits));
        return slot;
    }
}
