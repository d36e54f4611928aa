using Atoll.Abi;
using Atoll.Cap;
using Atoll.Remote;
using Atoll.Rendezvous;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Calls to endpoints of other cores: the messages that they take, which are part of the contract (docs/remote-capabilities.md), and how each ends.</summary>
public sealed class CallingTests : RemoteMachineTests
{
    public CallingTests()
    {
        foreach (RemotePrograms programs in _programs)
        {
            programs.Calls.Ledger = Ledger;
        }

        Give(Home, Server, Middle, Taken);
    }

    private CallLedger Ledger { get; } = new();

    /// <summary>One message each way, and no record is left.</summary>
    [Fact]
    public void Call_TakesAMessageEachWay()
    {
        Dictionary<(uint, uint), uint> before = Sent();
        Call();
        AssertSent(before, (Middle, Home, 1));
        ServeAll();
        AssertSent(before, (Middle, Home, 1), (Home, Middle, 1));
        Assert.Equal(1, Ledger.Answered);
        AssertNoCalls();
    }

    /// <summary>Who was given it on calls the home, without whoever gave it.</summary>
    [Fact]
    public void CallByWhatWasGivenOn_GoesToTheHome()
    {
        Pass(Taken);
        Take(Middle, Last, Taken);
        Dictionary<(uint, uint), uint> before = Sent();
        Assert.Equal(SystemResult.Ok, On(Last, programs => programs.Call(Taken)));
        Settle();
        ServeAll();
        AssertSent(before, (Last, Home, 1), (Home, Last, 1));
        Assert.Equal(1, Ledger.Answered);
    }

    /// <summary>The owner's revoke waits for nobody, whoever holds it and whether that one hangs; what is called later is refused. A call that was received before is answered.</summary>
    [Fact]
    public void Revoke_WaitsForNobody_AndLaterCallsFail()
    {
        Call();
        Dictionary<(uint, uint), uint> before = Sent();
        _programs[Middle].Member.HangUntil(ulong.MaxValue);
        On(Home, programs => programs.TakeBack(Server));
        Assert.True(_programs[Home].HasRevoked);
        AssertSent(before, (Home, Middle, 1));

        // It has not heard of it, and calls.
        Assert.Equal(SystemResult.Ok, On(Middle, programs => programs.Call(Taken)));
        _programs[Middle].Member.HangUntil(0);
        Settle();
        ServeAll();
        Assert.Equal(1, Ledger.Answered);
        Assert.Equal(1ul, _programs[Home].Remote.Refused);
        AssertNoCalls();
        Assert.True(Slot(Middle, Taken).IsEmpty);
    }

    /// <summary>Who was not asked cannot answer, nor can anybody answer what was not asked: the caller goes on waiting for its home.</summary>
    [Theory]
    [InlineData(Last, 0u)]
    [InlineData(Home, 1u)]
    [InlineData(Home, uint.MaxValue)]
    public unsafe void AnswerOfSomebodyElse_IsRefused(uint from, uint number)
    {
        Call();
        On(Middle, programs =>
        {
            RemoteAnswer forged = new() { Number = number, Result = SystemResult.Ok, Header = MessageHeader.Of(1, 1).Raw, Word0 = 0xBAD };
            programs.Remote.Answered(ref programs.Member.State->Kernel.Scheduler, from, in forged);
            programs.GoOn();
            Assert.Equal((1ul, false), (programs.Remote.Refused, programs.Calls.HasEnded));
        });

        ServeAll();
        Assert.Equal(1, Ledger.Answered);
        AssertNoCalls();
    }

    /// <summary>Nobody takes back the call of another core, nor a call that there is not.</summary>
    [Theory]
    [InlineData(Last, 0u)]
    [InlineData(Middle, 1u)]
    public unsafe void CancelOfSomebodyElse_ChangesNothing(uint from, uint number)
    {
        Call();
        On(Home, programs => programs.Remote.CancelCall(ref programs.Member.State->Kernel.Scheduler, from, number));
        ServeAll();
        Assert.Equal(1, Ledger.Answered);
        AssertNoCalls();
    }

    /// <summary>One core has at most half of a home's room: what is beyond is told so at once, and everything that has room is answered.</summary>
    [Fact]
    public void FullHome_SaysSo()
    {
        uint room = _programs[Home].Remote.Callers.Capacity / 2;
        for (uint call = 0; call < room + 3; call++)
        {
            Call();
        }

        Assert.Equal(room, Count(_programs[Home].Remote.Callers.Taken));
        Assert.Equal(room, Count(_programs[Middle].Remote.Calls.Taken));
        ServeAll();
        Assert.Equal((int)room, Ledger.Answered);
        AssertNoCalls();
    }

    /// <summary>Who waits no more costs a message each way, and its place at the server is free.</summary>
    [Fact]
    public void CallerThatEnds_LeavesTheServer()
    {
        Call();
        Dictionary<(uint, uint), uint> before = Sent();
        On(Middle, programs => programs.EndCaller(new Random(1)));
        Settle();
        AssertSent(before, (Middle, Home, 1), (Home, Middle, 1));
        ServeAll();
        Assert.Equal(0, Ledger.Answered);
        AssertNoCalls();
    }

    /// <summary>The last capability to an endpoint goes, while a caller of another core waits there: it hears that its peer died.</summary>
    [Fact]
    public void EndpointThatEnds_TellsItsCallers()
    {
        Call();
        On(Home, programs => programs.Delete(Server));
        On(Middle, programs => programs.Delete(Taken));
        Settle();
        On(Middle, programs => programs.GoOn());
        Assert.Equal([SystemResult.PeerDied], Ledger.Outcomes);
        AssertNoCalls();
    }

    /// <summary>Who does not wait for a receiver is told by the home that there is none; with one it is served.</summary>
    [Fact]
    public void CallThatDoesNotWait_IsAnsweredByTheHome()
    {
        Dictionary<(uint, uint), uint> before = Sent();
        Assert.Equal(SystemResult.Ok, On(Middle, programs => programs.Call(Taken, mayWait: false)));
        Settle();
        On(Middle, programs => programs.GoOn());
        Assert.Equal([SystemResult.WouldBlock], Ledger.Outcomes);
        AssertSent(before, (Middle, Home, 1), (Home, Middle, 1));
        AssertNoCalls();
    }

    /// <summary>A message that does not fit is refused before anything is sent: by its words, by its label, by what is missing.</summary>
    [Fact]
    public void WhatDoesNotFit_IsRefusedByName()
    {
        Assert.Equal(SystemResult.ArgumentInvalid, On(Middle, programs => programs.TryBegin(Taken, MessageHeader.Of(1, words: 5))));
        Assert.Equal(SystemResult.ArgumentInvalid, On(Middle, programs => programs.TryBegin(Taken, MessageHeader.Of(1ul << 32, words: 1))));
        Slot(Middle, Taken).Rights = CapabilityRights.Write;
        Assert.Equal(SystemResult.RightMissing, On(Middle, programs => programs.TryBegin(Taken, MessageHeader.Of(1, words: 1))));
        Give(Home, Bell, Middle, Taken + 1);
        Assert.Equal(SystemResult.OperationUnknown, On(Middle, programs => programs.TryBegin(Taken + 1, MessageHeader.Of(1, words: 1))));
        AssertNoCalls();
    }

    private void Call()
    {
        Assert.Equal(SystemResult.Ok, On(Middle, programs => programs.Call(Taken)));
        Settle();
    }

    private void ServeAll()
    {
        On(Home, programs =>
        {
            programs.Calls.IsQuiet = true;
            programs.GoOn();
        });
        Settle();
        foreach (uint core in new[] { Middle, Last })
        {
            On(core, programs => programs.GoOn());
        }
    }

    private void AssertNoCalls()
    {
        foreach (RemotePrograms programs in _programs)
        {
            Assert.Equal((true, 0ul, 0ul), (programs.Calls.HasEnded, programs.Remote.Calls.Taken, programs.Remote.Callers.Taken));
        }
    }

    private static uint Count(ulong numbers) => (uint)ulong.PopCount(numbers);
}
