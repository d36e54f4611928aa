using System.Text;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Names;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Names;

/// <summary>Who may have a name has it, and is found until it dies; every other answer has a name of its own.</summary>
public sealed class NamesServerTests
{
    private const ulong Clock = 4;
    private const ulong Store = 9;
    private const uint InboxSlot = ServiceMachine.Node + 1;
    private readonly ServiceMachine _machine = new();
    private readonly Capability _clockMemory = new(CapabilityType.Untyped, CapabilityRights.All, 0, 12);
    private NamesServer _server;

    public NamesServerTests()
    {
        NameTable names = default;
        Assert.True(names.Read("clock=4 store=9"u8));
        Assert.True(_server.Begin(in names, ServiceMachine.Slots(20)));
    }

    [Fact]
    public void RegisteredServer_IsFound_WithTheBadgeOfWhoAsks()
    {
        Capability endpoint = _clockMemory.Make(CapabilityType.Endpoint);
        Assert.Equal(NamesAnswer.Done, Register(Clock, "clock", endpoint.Derive()));
        Assert.Null(_machine.At(InboxSlot));
        foreach (ulong asker in new ulong[] { 5, 6, 5 })
        {
            Assert.Equal(NamesAnswer.Done, Find(asker, "clock", out Capability? found));
            Assert.Equal((CapabilityType.Endpoint, asker), (found!.Type, found.Badge));
            Assert.Equal(CapabilityRights.None, found.Rights & CapabilityRights.Read);
            _ = found.Derive();
        }
    }

    [Fact]
    public void EveryFailure_HasItsOwnAnswer()
    {
        Assert.Equal(NamesAnswer.Unknown, Find(5, "nobody", out _));
        Assert.Equal(NamesAnswer.NotRegistered, Find(5, "clock", out _));
        Assert.Equal(NamesAnswer.NotAllowed, Register(Clock, "nobody", _clockMemory.Make(CapabilityType.Endpoint)));
        Assert.Equal(NamesAnswer.NotAllowed, Register(Store, "clock", _clockMemory.Make(CapabilityType.Endpoint)));
        Assert.Equal(NamesAnswer.NotAllowed, Register(Clock, "", _clockMemory.Make(CapabilityType.Endpoint)));
        Assert.Equal(NamesAnswer.Done, Register(Clock, "clock", _clockMemory.Make(CapabilityType.Endpoint)));
        Assert.Equal(NamesAnswer.Taken, Register(Clock, "clock", _clockMemory.Make(CapabilityType.Endpoint)));
        _clockMemory.Revoke();
        Assert.Equal(NamesAnswer.ServerGone, Find(5, "clock", out _));
        Assert.Equal(NamesAnswer.NotAllowed, _server.Remove(new Caller(Store), "clock"u8));
        Assert.Equal(NamesAnswer.ServerGone, _server.Remove(new Caller(Clock), "clock"u8));
        Assert.Equal(NamesAnswer.NotRegistered, _server.Remove(new Caller(Clock), "clock"u8));
    }

    [Theory]
    [InlineData(CapabilityRights.All, 7UL)]
    [InlineData(CapabilityRights.Read | CapabilityRights.Write, 0UL)]
    [InlineData(CapabilityRights.Grant | CapabilityRights.GrantReply, 0UL)]
    public void EndpointThatCannotBeGivenOn_IsRefused(CapabilityRights rights, ulong badge)
    {
        Capability endpoint = _clockMemory.Make(CapabilityType.Endpoint).Derive(rights, badge);
        Assert.Equal(NamesAnswer.EndpointUnusable, Register(Clock, "clock", endpoint));
        Assert.Equal(NamesAnswer.NotRegistered, Find(5, "clock", out _));
    }

    /// <summary>A server that was started again registers again; who found it before has nothing left of the old one.</summary>
    [Fact]
    public void RestartedServer_RegistersAgain()
    {
        Assert.Equal(NamesAnswer.Done, Register(Clock, "clock", _clockMemory.Make(CapabilityType.Endpoint).Derive()));
        Assert.Equal(NamesAnswer.Done, Find(5, "clock", out Capability? old));
        Capability held = old!.Derive();
        _clockMemory.Revoke();
        Assert.True(held.IsGone);
        Assert.Equal(NamesAnswer.Done, Register(Clock, "clock", _clockMemory.Make(CapabilityType.Endpoint)));
        Assert.Equal(NamesAnswer.Done, Find(5, "clock", out Capability? found));
        Assert.False(found!.IsGone);
    }

    [Fact]
    public void RemovedName_LeavesWhoFoundItWhatItHas()
    {
        Capability endpoint = _clockMemory.Make(CapabilityType.Endpoint);
        Assert.Equal(NamesAnswer.Done, Register(Clock, "clock", endpoint.Derive()));
        Assert.Equal(NamesAnswer.Done, Find(5, "clock", out Capability? found));
        Capability held = found!.Derive();
        Assert.Equal(NamesAnswer.Done, _server.Remove(new Caller(Clock), "clock"u8));
        Assert.Equal(NamesAnswer.NotRegistered, Find(5, "clock", out _));
        Assert.False(held.IsGone);
        Assert.Equal(endpoint, held.Parent!.Parent);
    }

    [Fact]
    public void Names_AreTold()
    {
        Assert.Equal(NamesAnswer.Done, Register(Store, "store", _clockMemory.Make(CapabilityType.Endpoint)));
        byte[] name = new byte[32];
        Assert.Equal(NamesAnswer.NotRegistered, _server.Describe(new Caller(1), 0, name, out uint length, out ulong owner));
        Assert.Equal(("clock", Clock), (Encoding.UTF8.GetString(name, 0, (int)length), owner));
        Assert.Equal(NamesAnswer.Done, _server.Describe(new Caller(1), 1, name.AsSpan(0, 2), out length, out owner));
        Assert.Equal(("st", Store), (Encoding.UTF8.GetString(name, 0, (int)length), owner));
        Assert.Equal(NamesAnswer.Unknown, _server.Describe(new Caller(1), 2, name, out _, out _));
        Assert.Equal(NamesAnswer.Unknown, _server.Describe(new Caller(1), uint.MaxValue, name, out _, out _));
    }

    [Theory]
    [InlineData("clock=4 clock=5")]
    [InlineData("clock")]
    [InlineData("clock=x")]
    [InlineData("a-name-that-has-thirty-two-bytes=1")]
    [InlineData("a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 n=1 o=1 p=1 q=1")]
    public void BadNames_AreRefused(string arguments) => Assert.False(new NameTable().Read(Encoding.UTF8.GetBytes(arguments)));

    [Fact]
    public void TooFewSlots_AreRefused()
    {
        NameTable names = default;
        Assert.True(names.Read("a=1 b=1 c=1"u8));
        Assert.False(new NamesServer().Begin(in names, ServiceMachine.Slots(6)));
        Assert.True(new NamesServer().Begin(in names, ServiceMachine.Slots(7)));
    }

    // As the loop does: what came lies in the inbox, and what was not kept is deleted.
    private NamesAnswer Register(ulong caller, string name, Capability endpoint)
    {
        ThreadBuffer.Inbox.Take(1);
        ulong at = _machine.Put(InboxSlot, endpoint);
        NamesAnswer answer = _server.Register(new Caller(caller), Encoding.UTF8.GetBytes(name), new MessageEndpoint(at));
        ThreadBuffer.Inbox.Drop();
        Assert.Null(_machine.At(InboxSlot));
        return answer;
    }

    private NamesAnswer Find(ulong caller, string name, out Capability? found)
    {
        NamesAnswer answer = _server.Find(new Caller(caller), Encoding.UTF8.GetBytes(name), out MessageEndpoint endpoint);
        Assert.Equal(answer == NamesAnswer.Done, endpoint.Address != 0);
        found = _machine.At(endpoint.Address);
        return answer;
    }
}
