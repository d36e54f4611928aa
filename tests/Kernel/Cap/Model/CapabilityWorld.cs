using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>An instance's memory on the host, with the capabilities that a first program gets.</summary>
/// <remarks>Physical addresses are host addresses: the window begins at 0 here.</remarks>
public sealed unsafe class CapabilityWorld : IDisposable
{
    /// <summary>log2 of the root CNode's slots.</summary>
    public const byte RootRadix = 6;

    /// <summary>log2 of the bytes of the memory that objects are made of, where a test does not say otherwise.</summary>
    public const byte UntypedBits = 20;

    /// <summary>Where the devices are that <see cref="DeviceSlot"/> holds: 2 GiB.</summary>
    public const ulong DeviceBase = 0x8000_0000;

    /// <summary>Address spaces that can be numbered.</summary>
    public const uint SpaceCapacity = 4;

    private readonly byte* _block;
    private readonly byte _untypedBits;
    private readonly IDisposable _machine;

    public CapabilityWorld()
        : this(UntypedBits)
    {
    }

    /// <summary>A world with more memory.</summary>
    /// <param name="untypedBits">log2 of its bytes.</param>
    public CapabilityWorld(byte untypedBits)
    {
        _untypedBits = untypedBits;
        _block = (byte*)NativeMemory.AlignedAlloc(BlockBytes, BlockBytes);
        Reset();
        Machine = new TlbMachine { PageTables = KernelTables };
        _machine = Machine.Use();
    }

    /// <summary>The core.</summary>
    public TlbMachine Machine { get; }

    /// <summary>State of the kernel.</summary>
    public TestState State;

    /// <summary>The kernel's own level 4 table.</summary>
    public ulong KernelTables => (ulong)_block + 0x3000;

    /// <summary>Entry of the kernel's half.</summary>
    public ulong KernelEntry => ((ulong)_block + 0x4000) | 0x23;

    /// <summary>First slot of the root CNode.</summary>
    public ulong RootSlots => (ulong)_block;

    /// <summary>Memory that objects are made of; 1 MiB, unless a test wants more.</summary>
    public ulong UntypedBase => (ulong)_block + (1UL << _untypedBits);

    private nuint BlockBytes => (nuint)4 << _untypedBits;

    /// <summary>A slot of the root CNode.</summary>
    public ulong RootSlot(int index) => RootSlots + ((ulong)index * 64);

    /// <summary>The root CNode's own capability.</summary>
    public ulong NodeSlot => RootSlot(1);

    /// <summary>That memory as a capability.</summary>
    public ulong UntypedSlot => RootSlot(2);

    /// <summary>2 GiB of devices.</summary>
    public ulong DeviceSlot => RootSlot(3);

    /// <summary>Interrupts.</summary>
    public ulong IrqSlot => RootSlot(4);

    /// <summary>Ports.</summary>
    public ulong PortSlot => RootSlot(5);

    /// <summary>A slot by its address.</summary>
    public static ObjectPointer<CapabilitySlot> At(ulong address) => RootCapabilities.SlotsAt(address);

    /// <summary>What a slot holds.</summary>
    public static ref CapabilitySlot Slot(ulong address) => ref At(address).Value;

    /// <summary>Bytes of the block.</summary>
    public static Span<byte> Memory(ulong address, ulong bytes) => new((void*)address, (int)bytes);

    /// <summary>Back to the first moment. What was in the memory stays there, as after a reset of the machine.</summary>
    public void Reset()
    {
        new Span<byte>(_block, 1 << _untypedBits).Clear();
        new Span<byte>(_block + (1 << _untypedBits), (int)BlockBytes - (1 << _untypedBits)).Fill(0xDB);
        State = default;
        State.Log = new HostLog { KernelTables = KernelTables };
        State.Capabilities.KernelEntry = KernelEntry;
        State.Capabilities.HasHugePages = true;
        State.Capabilities.Spaces.Begin((ulong)_block + 0x2000, SpaceCapacity);
        RootCapabilities.CNode(At(NodeSlot), RootSlots, RootRadix);
        RootCapabilities.Untyped(At(UntypedSlot), UntypedBase, _untypedBits);
        RootCapabilities.DeviceUntyped(At(DeviceSlot), DeviceBase, 31);
        RootCapabilities.Control(At(IrqSlot), CapabilityType.IrqControl);
        RootCapabilities.Control(At(PortSlot), CapabilityType.IoPortControl);
    }

    /// <summary>Deletes, as often as it takes.</summary>
    public int Delete(ulong slot) => Repeat(() => Deletion.Delete<TestHost, TestState>(ref State, At(slot)));

    /// <summary>Revokes, as often as it takes.</summary>
    public int Revoke(ulong slot) => Repeat(() => Deletion.Revoke<TestHost, TestState>(ref State, At(slot)));

    /// <summary>Retypes, as often as it takes.</summary>
    public Outcome Retype(ulong untyped, RetypeRequest request, ulong node, ulong index)
    {
        for (int round = 0; round < 100_000; round++)
        {
            Outcome outcome = Atoll.Cap.Retype.Decode(in State.Capabilities, At(untyped), request, in Slot(node), index,
                out RetypePlan plan);
            if (outcome.IsOk)
            {
                outcome = Atoll.Cap.Retype.Commit(ref State.Capabilities, in plan);
            }

            if (outcome.Result != SystemResult.Again)
            {
                return outcome;
            }
        }

        throw new MismatchException("retype never ends");
    }

    public void Dispose()
    {
        _machine.Dispose();
        NativeMemory.AlignedFree(_block);
    }

    private static int Repeat(Func<Outcome> step)
    {
        for (int calls = 1; calls < 100_000; calls++)
        {
            Outcome outcome = step();
            if (outcome.IsOk)
            {
                return calls;
            }

            MismatchException.ThrowUnlessEqual(SystemResult.Again, outcome.Result, "outcome of a deletion");
        }

        throw new MismatchException("a deletion never ends");
    }
}
