using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Lib;

/// <summary>How an end that a program was given while it runs takes its seat: the rings come first, so that whatever is signalled can be used.</summary>
public sealed class ChannelSeatTests
{
    private const uint End = 30;
    private const uint Space = 6;
    private const uint Notification = 7;
    private const uint Bell = 8;
    private const uint Listed = 5;

    private readonly ServiceMachine _machine = new();
    private readonly List<(ChannelOperation Operation, ulong Word0, ulong Word1)> _asked = [];
    private SystemResult _attached = SystemResult.Ok;
    private SystemResult _heard = SystemResult.Ok;

    public ChannelSeatTests() => _machine.OnChannel[End] = Answer;

    [Theory]
    [InlineData(0u)]
    [InlineData(ChannelSeat.Places - 1)]
    public void End_IsAttachedInItsPlace_AndSignalsThen(uint place)
    {
        Assert.Equal(SystemResult.Ok, Seat(place).Take(End, Listed, out RingChannel end));

        Assert.Equal([(ChannelOperation.Attach, Space, ChannelSeat.PagesOf(place)), (ChannelOperation.SetNotification, Bell, Listed)], _asked);
        Assert.Equal((true, (ulong)End, (ulong)Notification, false), (end.IsGiven, end.Slot, end.Notification, end.IsOpen));
    }

    [Fact]
    public void PlaceBeyondTheWindow_IsRefused_AndTheKernelIsNotAsked()
    {
        Assert.Equal(SystemResult.ArgumentInvalid, Seat(ChannelSeat.Places).Take(End, Listed, out RingChannel end));
        Assert.Equal(SystemResult.ArgumentInvalid, Seat(uint.MaxValue).Take(End, Listed, out _));

        Assert.False(end.IsGiven);
        Assert.Empty(_asked);
    }

    /// <summary>An end whose rings are not there signals nobody.</summary>
    [Fact]
    public void EndThatCannotBeAttached_SignalsNobody()
    {
        _attached = SystemResult.TableMissing;
        Assert.Equal(SystemResult.TableMissing, Seat(0).Take(End, Listed, out RingChannel end));

        Assert.False(end.IsGiven);
        Assert.Equal([ChannelOperation.Attach], _asked.Select(asked => asked.Operation));
    }

    [Fact]
    public void EndThatCannotSignal_IsNotGiven()
    {
        _heard = SystemResult.RightMissing;
        Assert.Equal(SystemResult.RightMissing, Seat(0).Take(End, Listed, out RingChannel end));

        Assert.False(end.IsGiven);
    }

    private static ChannelSeat Seat(uint place) => new(Space, Notification, Bell, place);

    private SystemResult Answer(ref CallFrame frame)
    {
        ChannelOperation operation = (ChannelOperation)new MessageHeader(frame.Header).Label;
        _asked.Add((operation, frame.Word0, frame.Word1));
        return operation == ChannelOperation.Attach ? _attached : _heard;
    }
}
