using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Rendezvous;

/// <summary>Words beyond registers, and capabilities that travel (kernel/Abi/Call/MessageBuffer.cs).</summary>
public sealed class MessageTransferTests : ProgramTest
{
    private readonly uint _endpoint;
    private readonly Program _receiver;
    private readonly Program _sender;

    public MessageTransferTests()
        : base(CallPath.Fast)
    {
        _endpoint = Make(CapabilityType.Endpoint);
        _receiver = World.Spawn("receiver", 20);
        _sender = World.Spawn("sender", 10);
        Start();
        for (int index = 0; index < MessageHeader.WordsMax; index++)
        {
            World.Buffer(_sender).Words[index] = 1000 + (ulong)index;
            World.Buffer(_receiver).Words[index] = 1;
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(120)]
    public void Words_BeyondFour_TravelByBuffer_AndNoOthers(int count)
    {
        Receive(_receiver, _endpoint);
        Ask(_sender, (ulong)SystemCall.Send, _endpoint, Header(3, (uint)count), 7, 8, 9, 10);

        AssertHears(_receiver, SystemResult.Ok, 0, Header(3, (uint)count), 7, 8, 9, 10);
        Assert.Equal(
            Enumerable.Range(0, 120).Select(index => index >= 4 && index < count ? 1000UL + (ulong)index : 1UL),
            ((ReadOnlySpan<ulong>)World.Buffer(_receiver).Words).ToArray());
    }

    [Fact]
    public void SideWithoutABuffer_HasFourWords()
    {
        Receive(_receiver, _endpoint);
        Delete(_sender, _receiver.FrameSlot);
        Invoke(_sender, KernelWorld.CNodeSlot, CNodeOperation.Revoke, _receiver.FrameSlot);
        _receiver.Record.Buffer = default;
        Ask(_sender, (ulong)SystemCall.Send, _endpoint, Header(3, 60), 7);
        AssertHears(_receiver, SystemResult.Ok, 0, Header(3, 4), 7);
    }

    [Fact]
    public void Capabilities_ArriveInTheSlotsThatTheReceiverNames()
    {
        uint[] given = [World.Mint(_endpoint, CapabilityRights.Write, badge: 5), Make(CapabilityType.Reply),
            Make(CapabilityType.Notification)];
        uint place = World.NextFree + 8;
        Name(given, place);
        Receive(_receiver, _endpoint);
        Ask(_sender, (ulong)SystemCall.Send, _endpoint, Header(0, 0, 3));

        AssertHears(_receiver, SystemResult.Ok, 0, Header(0, 0, 3));
        Assert.Equal(
            (CapabilityType.Endpoint, CapabilityRights.Write, 5UL),
                (World.Slot(place).Type, World.Slot(place).Rights, World.Slot(place).Badge));
        Assert.Equal((CapabilityType.Reply, CapabilityType.Notification), (World.Slot(place + 1).Type, World.Slot(place + 2).Type));
        Assert.True(World.Slot(place).IsSameObjectAs(in World.Slot(_endpoint)));
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    public void FirstThatIsMissing_OrFindsNoEmptySlot_EndsIt(bool isMissing, bool isOccupied, uint expected)
    {
        uint reply = Make(CapabilityType.Reply);
        uint place = World.NextFree + 8;
        Name([reply, isMissing ? 900u : reply, reply], place);
        if (isOccupied)
        {
            World.MakeAt(place + 1, CapabilityType.Reply);
        }

        Receive(_receiver, _endpoint);
        Ask(_sender, (ulong)SystemCall.Send, _endpoint, Header(0, 0, 3));
        AssertHears(_receiver, SystemResult.Ok, 0, Header(0, 0, expected));
        Assert.True(World.Slot(place + 2).IsEmpty);
    }

    [Fact]
    public void WithoutTheRight_NoCapabilityTravels()
    {
        uint weak = World.Mint(_endpoint, CapabilityRights.Write | CapabilityRights.GrantReply);
        uint place = World.NextFree + 8;
        Name([Make(CapabilityType.Reply)], place);
        Receive(_receiver, _endpoint);
        Ask(_sender, (ulong)SystemCall.Send, weak, Header(0, 1, 1), 4);
        AssertHears(_receiver, SystemResult.Ok, 0, Header(0, 1), 4);
        Assert.True(World.Slot(place).IsEmpty);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1024)]
    public void SlotThatIsNone_TakesNothing(ulong index)
    {
        Name([Make(CapabilityType.Reply)], 0);
        World.Buffer(_receiver).ReceiveIndex = index;
        Receive(_receiver, _endpoint);
        Ask(_sender, (ulong)SystemCall.Send, _endpoint, Header(0, 0, 1));
        AssertHears(_receiver, SystemResult.Ok, 0, Header(0));
    }

    private void Name(uint[] given, uint place)
    {
        for (int index = 0; index < given.Length; index++)
        {
            World.Buffer(_sender).Capabilities[index] = given[index];
        }

        World.Buffer(_receiver).ReceiveNode = KernelWorld.CNodeSlot;
        World.Buffer(_receiver).ReceiveIndex = place;
    }
}
