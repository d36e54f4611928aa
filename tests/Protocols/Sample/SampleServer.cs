using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Sample;

/// <summary>A server that answers from what it got, and writes down what that was. A value that a type does not have is an exception.</summary>
public struct SampleServer(List<string> log) : ISampleServer
{
    private readonly List<string> _log = log;

    /// <summary>Answers waiting callers later, when told to.</summary>
    public Queue<uint> Waiting { get; } = new();

    /// <summary>Whether <see cref="Fetch"/> answers at once.</summary>
    public bool AnswersAtOnce { get; set; } = true;

    /// <summary>What else it does while it handles a message: calls others, say.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>How much longer than its room <see cref="Turn"/> claims its answer to be.</summary>
    public uint Exaggeration { get; set; }

    public ulong NextDeadline { get; set; } = Deadline.Never;

    public void Signalled(ulong bits) => _log.Add($"signal {bits:x}");

    public void Elapsed()
    {
        _log.Add($"elapsed {NextDeadline}");
        NextDeadline = Deadline.Never;
    }

    public readonly void Nothing(in Caller caller) => _log.Add($"{caller.Badge}: nothing");

    public readonly ulong Unsigned(in Caller caller, byte a, ushort b, uint c, ulong d, bool e)
    {
        _log.Add($"{caller.Badge}: unsigned {a} {b} {c} {d} {e}");
        return unchecked((ulong)a + b + c + d + (e ? 1UL : 0));
    }

    public readonly long Signed(in Caller caller, sbyte a, short b, int c, long d)
    {
        _log.Add($"{caller.Badge}: signed {a} {b} {c} {d}");
        return unchecked((long)a + b + c + d);
    }

    public readonly Shade Paint(in Caller caller, Shade shade, Sides sides, out Sides painted, out bool isDry)
    {
        Demand(shade is Shade.Dark or Shade.Middle or Shade.Light, "a shade that there is not");
        Demand((sides & ~(Sides.Front | Sides.Back)) == 0, "a side that there is not");
        _log.Add($"{caller.Badge}: paint {shade} {sides}");
        painted = sides;
        isDry = shade == Shade.Dark;
        return shade;
    }

    public readonly uint Join(in Caller caller, ReadOnlySpan<byte> first, uint times, ReadOnlySpan<byte> second)
    {
        Demand(first.Length + second.Length <= (120 - 3) * 8, "more bytes than a message has");
        Meanwhile?.Invoke();
        _log.Add($"{caller.Badge}: join {Convert.ToHexString(first)} {times} {Convert.ToHexString(second)}");
        return (uint)(first.Length + second.Length);
    }

    public readonly short Turn(in Caller caller, ReadOnlySpan<byte> text, Span<byte> turned, out uint length, out sbyte last)
    {
        Demand(turned.Length <= SampleProtocol.TurnRoomMax, "more room than a message has");
        int count = Math.Min(text.Length, turned.Length);
        for (int index = 0; index < count; index++)
        {
            turned[index] = text[text.Length - 1 - index];
        }

        Meanwhile?.Invoke();
        length = (uint)count + Exaggeration;
        last = count == 0 ? (sbyte)-1 : unchecked((sbyte)text[^1]);
        return (short)-count;
    }

    public readonly void Fetch(in Caller caller, uint reply, ulong key, uint valueCapacity)
    {
        Demand(valueCapacity <= SampleProtocol.FetchRoomMax, "more room than a message has");
        _log.Add($"{caller.Badge}: fetch {key} {valueCapacity} in {reply}");
        Waiting.Enqueue(reply);
        if (AnswersAtOnce)
        {
            Span<byte> value = stackalloc byte[(int)Math.Min(valueCapacity, 10)];
            value.Fill((byte)key);
            _ = SampleReply<MemoryReplies>.Fetch(Waiting.Dequeue(), Shade.Light, value, 77);
        }
    }

    public readonly void Wait(in Caller caller, uint reply, ReadOnlySpan<byte> @event)
    {
        _log.Add($"{caller.Badge}: wait {Convert.ToHexString(@event)} in {reply}");
        Waiting.Enqueue(reply);
        if (AnswersAtOnce)
        {
            _ = SampleReply<MemoryReplies>.Wait(Waiting.Dequeue());
        }
    }

    public readonly ulong Trade(
        in Caller caller, UntypedMemory memory, uint count, MessageEndpoint endpoint, out MemoryFrame frame, out bool isMore, out SignalWord signal)
    {
        CapabilityType[] came = [FakeSpace.Current.TypeOf(memory.Address), FakeSpace.Current.TypeOf(endpoint.Address)];
        Demand(came is [CapabilityType.Untyped, CapabilityType.Endpoint], "capabilities that its protocol does not have");
        _log.Add($"{caller.Badge}: trade {memory.Address} {count} {endpoint.Address}");
        frame = new((count & 1) != 0 ? FakeSpace.Frame : 0);
        signal = new((count & 2) != 0 ? FakeSpace.Notification : 0);
        isMore = count > 3;
        return count;
    }

    public readonly void Lend(in Caller caller, uint reply, uint key)
    {
        _log.Add($"{caller.Badge}: lend {key} in {reply}");
        Waiting.Enqueue(reply);
        if (AnswersAtOnce)
        {
            _ = SampleReply<MemoryReplies>.Lend(Waiting.Dequeue(), new((key & 1) != 0 ? FakeSpace.Endpoint : 0));
        }
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"the server was given {otherwise}");
        }
    }
}
