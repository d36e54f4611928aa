using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Sample;

/// <summary>A program's CNode, of which only the kinds of what is in its slots are kept; and the kernel that does operations on it.</summary>
public sealed class FakeSpace : IHostKernel
{
    /// <summary>What the program has to give.</summary>
    public const ulong Frame = 30, Endpoint = 31, Untyped = 32, Notification = 33;

    private const uint Node = 9;

    private readonly Dictionary<ulong, CapabilityType> _slots = new()
    {
        [Frame] = CapabilityType.Frame,
        [Endpoint] = CapabilityType.Endpoint,
        [Untyped] = CapabilityType.Untyped,
        [Notification] = CapabilityType.Notification,
    };

    /// <summary>That of this thread.</summary>
    public static FakeSpace Current => (FakeSpace)HostKernel.Current;

    ulong IHostKernel.Now => 0;

    /// <summary>What the system gives it: slots 10 to 17.</summary>
    public static GrantRecord Slots { get; } = new() { Kind = GrantKind.Slots, Slot = Node, Argument = 8 };

    /// <summary>Slots that are in use, but for what there was at the beginning.</summary>
    public int Used => _slots.Count - 4;

    /// <summary>What is in a slot.</summary>
    public CapabilityType TypeOf(ulong slot) => _slots.GetValueOrDefault(slot, CapabilityType.Null);

    /// <summary>Grants as the kernel does: into consecutive slots, until one is not empty.</summary>
    /// <returns>How many arrived.</returns>
    public uint Grant(IEnumerable<CapabilityType> types)
    {
        uint arrived = 0;
        foreach (CapabilityType type in types)
        {
            ulong slot = Node + 1 + arrived;
            if (type == CapabilityType.Null || !_slots.TryAdd(slot, type))
            {
                break;
            }

            arrived++;
        }

        return arrived;
    }

    void IHostKernel.Do(ref CallFrame frame)
    {
        if ((SystemCall)frame.Number != SystemCall.Call || frame.Address != Node)
        {
            throw new InvalidOperationException($"nobody expects system call {frame.Number} to {frame.Address}");
        }

        ulong slot = (uint)frame.Word0;
        ulong source = frame.Word0 >> 32;
        frame.Number = (ulong)SystemResult.Ok;
        switch ((CNodeOperation)new MessageHeader(frame.Header).Label)
        {
            case CNodeOperation.Describe:
                frame.Word0 = (ulong)TypeOf(slot);
                break;
            case CNodeOperation.Delete:
                _slots.Remove(slot);
                break;
            case CNodeOperation.Move when _slots.ContainsKey(slot):
                frame.Number = (ulong)SystemResult.SlotOccupied;
                break;
            case CNodeOperation.Move:
                frame.Number = (ulong)(_slots.Remove(source, out CapabilityType type) ? SystemResult.Ok : SystemResult.SlotEmpty);
                _slots[slot] = type;
                break;
            default:
                throw new InvalidOperationException("nobody expects this operation");
        }
    }
}
