using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Machine;

/// <summary>Answers a call: arguments become results.</summary>
public delegate SystemResult CallAnswering(ref CallFrame frame);

/// <summary>The kernel of a service under test: its CNode, derivation as docs/capabilities.md describes it, a clock that the test moves, and ports.</summary>
public sealed class ServiceMachine : IHostKernel
{
    /// <summary>Slot of the service's own CNode; the slots behind it are free.</summary>
    public const uint Node = 10;

    /// <summary>Slot of its untyped memory.</summary>
    public const uint Pool = 5;

    private readonly Dictionary<ulong, Capability> _slots = [];
    private ulong _interrupts;

    /// <summary>Begins, in this thread.</summary>
    /// <param name="poolBits">log2 of the bytes of its untyped memory.</param>
    public ServiceMachine(byte poolBits = 20)
    {
        HostKernel.Current = this;
        ThreadBuffer.Inbox = default;
        _slots[Node] = new Capability(CapabilityType.CNode, CapabilityRights.All, 0, 6);
        _slots[Pool] = new Capability(CapabilityType.Untyped, CapabilityRights.All, 0, poolBits);
    }

    /// <summary>The time-stamp counter.</summary>
    public ulong Now { get; set; } = 1_000_000;

    /// <summary>What others do at each moment at which the program asks for the time, or calls the kernel.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>What reading a port gives, and writing does.</summary>
    public Func<ushort, byte>? OnRead { get; set; }

    /// <summary>See <see cref="OnRead"/>.</summary>
    public Action<ushort, byte>? OnWrite { get; set; }

    /// <summary>Slots that are filled, but for the two of the beginning.</summary>
    public int Filled => _slots.Count(slot => !slot.Value.IsGone) - 2;

    /// <summary>What the system gives as a need of kind <c>slots</c>.</summary>
    public static GrantRecord Slots(uint count) => new() { Kind = GrantKind.Slots, Slot = Node, Argument = count };

    /// <summary>What is in a slot.</summary>
    public Capability? At(ulong slot) => _slots.TryGetValue(slot, out Capability? found) && !found.IsGone ? found : null;

    /// <summary>Puts something into a slot, as a grant does.</summary>
    public ulong Put(ulong slot, Capability capability)
    {
        Assert.Null(At(slot));
        _slots[slot] = capability;
        return slot;
    }

    /// <summary>What an answer through a reply object does.</summary>
    public Dictionary<ulong, Action> OnSend { get; } = [];

    /// <summary>What an operation of an InstanceControl does.</summary>
    public CallAnswering? OnInstances { get; set; }

    /// <summary>What an operation of a channel does: by its slot.</summary>
    public Dictionary<ulong, CallAnswering> OnChannel { get; } = [];

    /// <summary>What happens while a program waits for its notification. Its deadline; never: there is none.</summary>
    public Func<ulong, SystemResult>? OnWait { get; set; }

    /// <summary>What a call through an endpoint does.</summary>
    public CallAnswering? OnCall { get; set; }

    /// <summary>The channel, if the service has one.</summary>
    internal FakeChannel Channel { get; } = new();

    ulong IHostKernel.Now
    {
        get
        {
            Meanwhile?.Invoke();
            return Now;
        }
    }

    /// <inheritdoc/>
    public void Do(ref CallFrame frame)
    {
        Meanwhile?.Invoke();
        if ((frame.Number & SystemCallFlags.Rings) != 0)
        {
            Ring(frame.Word0);
            Ring(frame.Word1);
        }

        if ((SystemCall)frame.Number == SystemCall.Send && OnSend.Remove(frame.Address, out Action? answered))
        {
            answered();
            frame.Number = (ulong)SystemResult.Ok;
            return;
        }

        if (OnChannel.TryGetValue(frame.Address, out CallAnswering? operation))
        {
            frame.Number = (ulong)operation(ref frame);
            return;
        }

        if ((SystemCall)(byte)frame.Number == SystemCall.Receive && OnWait is not null)
        {
            frame.Number = (ulong)OnWait((frame.Number & SystemCallFlags.HasDeadline) != 0 ? frame.Deadline : ulong.MaxValue);
            return;
        }

        Capability? target = At(frame.Address);
        ulong label = new MessageHeader(frame.Header).Label;
        var call = (SystemCall)(byte)frame.Number;
        SystemResult result = (call, target?.Type) switch
        {
            (_, null) => SystemResult.SlotEmpty,
            (SystemCall.Send, CapabilityType.Notification) => Signal(target!),
            (SystemCall.Call, CapabilityType.CNode) => Table((CNodeOperation)label, ref frame),
            (SystemCall.Call, CapabilityType.Untyped) => Memory((UntypedOperation)label, target!, ref frame),
            (SystemCall.Call, CapabilityType.Endpoint) => OnCall!(ref frame),
            (SystemCall.Call, CapabilityType.InstanceControl) => OnInstances!(ref frame),
            (SystemCall.Call, CapabilityType.IrqControl) => Interrupt(target!, ref frame),
            (SystemCall.Call, CapabilityType.Frame) => Frame((FrameOperation)label, target!, ref frame),
            (SystemCall.Call, CapabilityType.IrqHandler) => SystemResult.Ok,
            (SystemCall.Call, CapabilityType.Channel) => Channel.Do(ref frame, this),
            (SystemCall.Call, CapabilityType.IoPort) => Port((IoPortOperation)label, ref frame),
            _ => throw new InvalidOperationException($"nobody expects {call} to {target?.Type}"),
        };
        frame.Number = (ulong)result;
    }

    /// <summary>What a wait does that rings.</summary>
    public void Ring(ulong channel)
    {
        if (channel != 0)
        {
            CallFrame ring = new() { Number = (ulong)SystemCall.Call, Address = channel, Header = MessageHeader.Of((ulong)ChannelOperation.Ring, 0).Raw };
            Do(ref ring);
        }
    }

    private static SystemResult Signal(Capability target)
    {
        if ((target.Rights & CapabilityRights.Write) == 0)
        {
            return SystemResult.RightMissing;
        }

        target.Signals.Add(target.Badge);
        return SystemResult.Ok;
    }

    private SystemResult Table(CNodeOperation operation, ref CallFrame frame)
    {
        ulong index = (uint)frame.Word0;
        ulong source = frame.Word0 >> 32;
        switch (operation)
        {
            case CNodeOperation.Describe:
                Describe(At(index), ref frame);
                return SystemResult.Ok;
            case CNodeOperation.Delete:
                At(index)?.Delete();
                return SystemResult.Ok;
            case CNodeOperation.Revoke when At(index) is { } root:
                root.Revoke();
                return SystemResult.Ok;
            case CNodeOperation.Move or CNodeOperation.Mint when At(index) is not null:
                return SystemResult.SlotOccupied;
            case CNodeOperation.Move when At(source) is { } moved:
                _slots.Remove(source);
                _slots[index] = moved;
                return SystemResult.Ok;
            case CNodeOperation.Mint when At(source) is { } from:
                if (from.Badge != 0)
                {
                    return SystemResult.ArgumentInvalid;
                }

                _slots[index] = from.Derive((CapabilityRights)frame.Word2, frame.Word3);
                return SystemResult.Ok;
            default:
                return SystemResult.SlotEmpty;
        }
    }

    private static void Describe(Capability? what, ref CallFrame frame)
    {
        frame.Word0 = what is null ? 0 : (ulong)what.Type | ((ulong)what.Rights << 8);
        frame.Word1 = what?.Bits ?? 0;
        frame.Word2 = what is null ? 0 : what.Type == CapabilityType.Untyped ? (1UL << what.Bits) - what.Used : what.Badge;
    }

    private static SystemResult Frame(FrameOperation operation, Capability target, ref CallFrame frame)
    {
        if (operation == FrameOperation.GetAddress)
        {
            frame.Word0 = target.Address;
            frame.Word1 = 1UL << target.Bits;
        }

        return SystemResult.Ok;
    }

    private SystemResult Memory(UntypedOperation operation, Capability memory, ref CallFrame frame)
    {
        if (operation == UntypedOperation.Reset)
        {
            memory.Used = memory.Children.Count == 0 ? 0 : memory.Used;
            return memory.Children.Count == 0 ? SystemResult.Ok : SystemResult.HasChildren;
        }

        RetypeRequest request = new(frame.Word0);
        ulong bytes = request.Type is CapabilityType.Untyped or CapabilityType.Frame ? 1UL << request.SizeBits : 64;
        ulong at = (memory.Used + bytes - 1) / bytes * bytes;
        if (at + bytes > 1UL << memory.Bits)
        {
            return SystemResult.NotEnoughMemory;
        }

        if (At(frame.Word2) is not null)
        {
            return SystemResult.SlotOccupied;
        }

        memory.Used = at + bytes;
        _slots[frame.Word2] = memory.Make(request.Type, request.SizeBits, at);
        return SystemResult.Ok;
    }

    // Each message has its number: 0x40, 0x41 and so on, at the address that Intel SDM Vol. 3A, "Message Address Register Format", gives core 0.
    private SystemResult Interrupt(Capability control, ref CallFrame frame)
    {
        if (At(frame.Word3) is not null)
        {
            return SystemResult.SlotOccupied;
        }

        _slots[frame.Word3] = control.Make(CapabilityType.IrqHandler);
        frame.Word0 = 0xFEE0_0000;
        frame.Word1 = 0x40 + _interrupts++;
        return SystemResult.Ok;
    }

    private SystemResult Port(IoPortOperation operation, ref CallFrame frame)
    {
        if (operation == IoPortOperation.Write8)
        {
            OnWrite!((ushort)frame.Word0, (byte)frame.Word1);
        }
        else
        {
            frame.Word0 = OnRead!((ushort)frame.Word0);
        }

        return SystemResult.Ok;
    }
}
