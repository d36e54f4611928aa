using Atoll.Abi;
using Atoll.Protocols.Tests.Sample;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Hostile;

/// <summary>A call with arguments of a seed's choice, and what must hold when it did not succeed.</summary>
public static class SampleCall
{
    private const byte Untouched = 0xEE;

    /// <summary>Ids that can be called.</summary>
    public static IReadOnlyList<ulong> Ids { get; } = [.. WireSpec.Questions.Keys];

    /// <summary>Most bytes that an answer to this call may bring: as much as the caller has room for.</summary>
    public static uint Room(ulong id, int seed) => id switch
    {
        6 => (uint)new Random(seed).Next(0, 40),
        7 => (uint)new Random(seed).Next(0, 12),
        _ => 936,
    };

    /// <summary>Calls. The same seed chooses the same arguments.</summary>
    /// <exception cref="InvalidDataException">It failed and left something behind all the same.</exception>
    public static CallResult Do(SampleClient<MemoryTransport> client, ulong id, int seed)
    {
        Random random = new(seed);
        return id switch
        {
            1 => client.Nothing(),
            2 => Zero(client.Unsigned((byte)random.Next(), (ushort)random.Next(), (uint)random.Next(), (ulong)random.NextInt64(), random.Next(2) == 0, out ulong sum), sum),
            3 => Zero(client.Signed((sbyte)random.Next(), (short)random.Next(), random.Next(int.MinValue, int.MaxValue), random.NextInt64(), out long sum), unchecked((ulong)sum)),
            4 => Paint(client, random),
            5 => Zero(client.Join(Bytes(random, 30), (uint)random.Next(), Bytes(random, 30), out uint sum), sum),
            6 => Turn(client, (int)Room(id, seed), random),
            7 => Fetch(client, (int)Room(id, seed), random),
            9 => client.Wait(Bytes(random, 20)),
            10 => Trade(client, random),
            11 => Lend(client, random),
            _ => throw new ArgumentOutOfRangeException(nameof(id)),
        };
    }

    private static CallResult Paint(SampleClient<MemoryTransport> client, Random random)
    {
        Shade[] shades = [Shade.Dark, Shade.Middle, Shade.Light];
        CallResult outcome = client.Paint(shades[random.Next(3)], (Sides)(random.Next(2) * 4), out Sides painted, out bool isDry, out Shade result);
        Demand(outcome != CallResult.Ok || (result is Shade.Dark or Shade.Middle or Shade.Light && (painted & ~(Sides.Front | Sides.Back)) == 0));
        return Zero(outcome, (ulong)painted | (isDry ? 1U : 0) | (byte)result);
    }

    private static CallResult Turn(SampleClient<MemoryTransport> client, int room, Random random)
    {
        byte[] turned = Enumerable.Repeat(Untouched, room).ToArray();
        CallResult outcome = client.Turn(Bytes(random, 40), turned, out uint length, out sbyte last, out short result);
        Behind(outcome, turned, length);
        return Zero(outcome, length | (byte)last | (ushort)result);
    }

    private static CallResult Fetch(SampleClient<MemoryTransport> client, int room, Random random)
    {
        byte[] value = Enumerable.Repeat(Untouched, room).ToArray();
        CallResult outcome = client.Fetch((ulong)random.NextInt64(), value, out uint length, out ushort age, out Shade result);
        Behind(outcome, value, length);
        return Zero(outcome, length | age | (byte)result);
    }

    private static CallResult Trade(SampleClient<MemoryTransport> client, Random random)
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot first = row.Take();
        OwnSlot second = row.Take();
        CallResult outcome = client.Trade(
            new UntypedMemory(FakeSpace.Untyped),
            (uint)random.Next(8),
            new MessageEndpoint(FakeSpace.Endpoint),
            ref first,
            out MemoryFrame frame,
            out bool isMore,
            ref second,
            out SignalWord signal,
            out ulong result);
        Held(outcome, first.Address, frame.Address, CapabilityType.Frame);
        Held(outcome, second.Address, signal.Address, CapabilityType.Notification);
        Demand(FakeSpace.Current.Used == (first.IsFull ? 1 : 0) + (second.IsFull ? 1 : 0));
        first.Free();
        second.Free();
        return Zero(outcome, result | (isMore ? 1U : 0));
    }

    private static CallResult Lend(SampleClient<MemoryTransport> client, Random random)
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot slot = row.Take();
        CallResult outcome = client.Lend((uint)random.Next(8), ref slot, out MessageEndpoint lent);
        Held(outcome, slot.Address, lent.Address, CapabilityType.Endpoint);
        Demand(FakeSpace.Current.Used == (slot.IsFull ? 1 : 0));
        slot.Free();
        return outcome;
    }

    // What a call brings is of its kind, in the slot that was meant for it; one that failed brings nothing.
    private static void Held(CallResult outcome, ulong slot, ulong handle, CapabilityType type)
    {
        Demand(slot == handle && (outcome == CallResult.Ok || handle == 0));
        Demand(handle == 0 || FakeSpace.Current.TypeOf(handle) == type);
    }

    // Nothing is written behind what came, and nothing at all after a failure.
    private static void Behind(CallResult outcome, byte[] bytes, uint length)
    {
        Demand(length <= bytes.Length);
        int first = outcome == CallResult.Ok ? (int)length : 0;
        Demand(bytes.AsSpan(first).IndexOfAnyExcept(Untouched) < 0);
    }

    private static CallResult Zero(CallResult outcome, ulong values)
    {
        Demand(outcome == CallResult.Ok || values == 0);
        return outcome;
    }

    private static byte[] Bytes(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void Demand(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("a client got something that its protocol does not have, or something from a call that failed");
        }
    }
}
