using System.Text;
using Atoll.Abi;
using Atoll.Protocols.Tests.Sample;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Talking;

/// <summary>What a client says is what the server hears, and the other way round.</summary>
public sealed class TalkTests
{
    private readonly List<string> _log = [];
    private readonly MemoryLine _line;
    private SampleClient<MemoryTransport> _client;

    public TalkTests()
    {
        _line = new MemoryLine(_log);
        _client.Transport = new MemoryTransport(_line);
    }

    [Fact]
    public void Nothing_Arrives()
    {
        Assert.Equal(CallResult.Ok, _client.Nothing());
        Assert.Equal(["5: nothing"], _log);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, false, 0)]
    [InlineData(255, 65535, uint.MaxValue, 0, true, 255UL + 65535 + uint.MaxValue + 1)]
    [InlineData(1, 2, 3, ulong.MaxValue - 10, true, ulong.MaxValue - 3)]
    public void Unsigned_KeepsItsValues(byte a, ushort b, uint c, ulong d, bool e, ulong sum)
    {
        Assert.Equal(CallResult.Ok, _client.Unsigned(a, b, c, d, e, out ulong result));
        Assert.Equal(sum, result);
        Assert.Equal([$"5: unsigned {a} {b} {c} {d} {e}"], _log);
    }

    [Theory]
    [InlineData(-128, -32768, int.MinValue, 0, -128L - 32768 + int.MinValue)]
    [InlineData(127, 32767, int.MaxValue, -1, 127L + 32767 + int.MaxValue - 1)]
    [InlineData(0, 0, 0, long.MinValue, long.MinValue)]
    public void Signed_KeepsItsValues(sbyte a, short b, int c, long d, long sum)
    {
        Assert.Equal(CallResult.Ok, _client.Signed(a, b, c, d, out long result));
        Assert.Equal(sum, result);
        Assert.Equal([$"5: signed {a} {b} {c} {d}"], _log);
    }

    [Theory]
    [InlineData(Shade.Dark, Sides.None)]
    [InlineData(Shade.Bright, Sides.Front | Sides.Back)]
    public void Enums_KeepTheirValues(Shade shade, Sides sides)
    {
        Assert.Equal(CallResult.Ok, _client.Paint(shade, sides, out Sides painted, out bool isDry, out Shade result));
        Assert.Equal((shade, sides, shade == Shade.Dark), (result, painted, isDry));
    }

    [Fact]
    public void EnumWithoutMember_IsRefused()
    {
        Assert.Equal(CallResult.Malformed, _client.Paint((Shade)1, Sides.None, out _, out _, out _));
        Assert.Equal(CallResult.Malformed, _client.Paint(Shade.Dark, (Sides)2, out _, out _, out _));
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "")]
    [InlineData("12345678", "x")]
    [InlineData("123456789", "abcdefghijklmnopq")]
    public void Bytes_Arrive(string first, string second)
    {
        Assert.Equal(CallResult.Ok, _client.Join(Encoding.UTF8.GetBytes(first), 3, Encoding.UTF8.GetBytes(second), out uint result));
        Assert.Equal((uint)(first.Length + second.Length), result);
        Assert.Equal([$"5: join {Convert.ToHexString(Encoding.UTF8.GetBytes(first))} 3 {Convert.ToHexString(Encoding.UTF8.GetBytes(second))}"], _log);
    }

    /// <summary>120 words, three of which are scalars.</summary>
    [Theory]
    [InlineData(936, 0, true)]
    [InlineData(937, 0, false)]
    [InlineData(0, 936, true)]
    [InlineData(929, 1, false)]
    [InlineData(928, 1, true)]
    public void Bytes_FitOrAreNotSent(int first, int second, bool fits)
    {
        CallResult outcome = _client.Join(new byte[first], 0, new byte[second], out uint result);
        Assert.Equal(fits ? (CallResult.Ok, (uint)(first + second)) : (CallResult.TooLong, 0), (outcome, result));
        Assert.Equal(fits ? 1 : 0, _log.Count);
    }

    [Fact]
    public void AsManyBytesAsTheConstantSays_FitHoweverTheyAreDivided()
    {
        Assert.Equal(((120U - 3) * 8) - 7, SampleProtocol.JoinBytesMax);
        for (uint first = 0; first <= SampleProtocol.JoinBytesMax; first++)
        {
            Assert.Equal(CallResult.Ok, _client.Join(new byte[first], 0, new byte[SampleProtocol.JoinBytesMax - first], out _));
        }
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("abc", 3)]
    [InlineData("abcdefghij", 100)]
    [InlineData("abcdefghij", 9)]
    [InlineData("abcdefghij", 0)]
    public void Bytes_ComeBack(string text, int room)
    {
        byte[] turned = new byte[room + 1];
        turned.AsSpan().Fill(0xEE);
        Assert.Equal(CallResult.Ok, _client.Turn(Encoding.UTF8.GetBytes(text), turned.AsSpan(0, room), out uint length, out sbyte last, out short result));
        string expected = new([.. text.Reverse().Take(room)]);
        Assert.Equal(expected, Encoding.UTF8.GetString(turned, 0, (int)length));
        Assert.All(turned[(int)length..], after => Assert.Equal(0xEE, after));
        Assert.Equal(-expected.Length, result);
        Assert.Equal(expected.Length == 0 ? (sbyte)-1 : (sbyte)text[^1], last);
    }

    [Fact]
    public void MoreRoomThanAnAnswerHas_IsNotAnError()
    {
        byte[] turned = new byte[5000];
        Assert.Equal(CallResult.Ok, _client.Turn(new byte[900], turned, out uint length, out _, out _));
        Assert.Equal(900U, length);
    }

    [Fact]
    public void AnswerLongerThanItsRoom_IsTheServersMistake()
    {
        _line.Server.Exaggeration = 1;
        Assert.Equal(CallResult.AnswerInvalid, _client.Turn("abc"u8, new byte[3], out uint length, out _, out _));
        Assert.Equal(0U, length);
    }

    [Fact]
    public void Deferred_IsAnswered()
    {
        byte[] value = new byte[20];
        Assert.Equal(CallResult.Ok, _client.Fetch(6, value, out uint length, out ushort age, out Shade result));
        Assert.Equal((10U, (ushort)77, Shade.Light), (length, age, result));
        Assert.Equal([.. Enumerable.Repeat((byte)6, 10), .. new byte[10]], value);
        Assert.Equal(CallResult.Ok, _client.Wait("e"u8));
        Assert.Equal(["5: fetch 6 20 in 1", "5: wait 65 in 1"], _log);
    }

    [Fact]
    public void Deferred_WithoutReplyObject_IsBusy()
    {
        _line.MayDefer = false;
        Assert.Equal(CallResult.Busy, _client.Wait("e"u8));
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, false)]
    [InlineData(2, false, true)]
    [InlineData(7, true, true)]
    public void Capabilities_GoBothWays_EachIntoItsSlot(uint count, bool hasFrame, bool hasSignal)
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot first = row.Take();
        OwnSlot second = row.Take();
        Assert.Equal(CallResult.Ok, Trade(ref first, ref second, count, out MemoryFrame frame, out SignalWord signal));
        Assert.Equal(["5: trade 10 " + count + " 11"], _log);
        Assert.Equal((hasFrame ? 13UL : 0, hasSignal ? 14UL : 0), (frame.Address, signal.Address));
        Assert.Equal((hasFrame, hasSignal), (first.IsFull, second.IsFull));
        Assert.Equal(hasFrame ? CapabilityType.Frame : CapabilityType.Null, FakeSpace.Current.TypeOf(13));
        Assert.Equal(hasSignal ? CapabilityType.Notification : CapabilityType.Null, FakeSpace.Current.TypeOf(14));
        first.Clear();
        second.Free();
        Assert.Equal(0, FakeSpace.Current.Used);
        Assert.True(first.IsEmpty);
    }

    [Fact]
    public void DeferredCapability_IsAnswered()
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot slot = row.Take();
        Assert.Equal(CallResult.Ok, _client.Lend(2, ref slot, out MessageEndpoint lent));
        Assert.Equal(0UL, lent.Address);
        Assert.Equal(CallResult.Ok, _client.Lend(3, ref slot, out lent));
        Assert.Equal(13UL, lent.Address);
        Assert.Equal(CapabilityType.Endpoint, FakeSpace.Current.TypeOf(13));
    }

    /// <summary>A slot has one owner and holds one capability: nothing is asked for that could not be kept.</summary>
    [Fact]
    public void FullSlot_OrNone_IsNotAskedFor()
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot slot = row.Take();
        Assert.Equal(CallResult.Ok, _client.Lend(3, ref slot, out _));
        Assert.Equal(CallResult.SlotTaken, _client.Lend(3, ref slot, out MessageEndpoint second));
        Assert.Equal(0UL, second.Address);
        while (row.Count > 0)
        {
            _ = row.Take();
        }

        OwnSlot none = row.Take();
        Assert.Equal(CallResult.SlotTaken, _client.Lend(3, ref none, out _));
        Assert.Single(_log);
    }

    [Fact]
    public void InboxThatIsNotOpen_IsNotAskedFor()
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot slot = row.Take();
        ThreadBuffer.Inbox = default;
        Assert.Equal(CallResult.SlotTaken, _client.Lend(3, ref slot, out _));
        Assert.Empty(_log);
        Assert.Equal(0U, Inbox.Open(new GrantRecord { Kind = GrantKind.Slots, Slot = 9, Argument = 2 }).Count);
        Assert.Equal(0U, Inbox.Open(new GrantRecord { Kind = GrantKind.Memory, Slot = 9, Argument = 20 }).Count);
        Assert.False(ThreadBuffer.Inbox.IsReady);
    }

    private CallResult Trade(ref OwnSlot first, ref OwnSlot second, uint count, out MemoryFrame frame, out SignalWord signal) => _client.Trade(
        new UntypedMemory(FakeSpace.Untyped), count, new MessageEndpoint(FakeSpace.Endpoint), ref first, out frame, out _, ref second, out signal, out _);

    [Fact]
    public void UnknownMethod_IsRefused()
    {
        foreach (ulong unknown in new ulong[] { 0, 8, 12, 1UL << 32, ulong.MaxValue >> 12 })
        {
            _line.OnQuestion = (Span<ulong> words, ref ulong method, ref uint count) => method = unknown;
            Assert.Equal(CallResult.MethodUnknown, _client.Nothing());
        }

        Assert.Empty(_log);
    }

    /// <summary>The rest of a message's last word holds nothing of the message before.</summary>
    [Fact]
    public void RestOfTheLastWord_IsZero()
    {
        Assert.Equal(CallResult.Ok, _client.Join(Enumerable.Repeat((byte)0xFF, 16).ToArray(), 0, default, out _));
        ulong asked = 0;
        _line.OnQuestion = (Span<ulong> words, ref ulong method, ref uint count) => asked = words[(int)count - 1];
        Assert.Equal(CallResult.Ok, _client.Join("abc"u8, 0, default, out _));
        Assert.Equal(0x63_6261UL, asked);

        ulong answered = 0;
        _line.OnQuestion = null;
        Assert.Equal(CallResult.Ok, _client.Turn("zzzzzzzz"u8, new byte[8], out _, out _, out _));
        _line.OnAnswer = (Span<ulong> words, ref ulong label, ref uint count) => answered = words[(int)count - 1];
        Assert.Equal(CallResult.Ok, _client.Turn("abc"u8, new byte[8], out _, out _, out _));
        Assert.Equal(0x61_6263UL, answered);
    }
}
