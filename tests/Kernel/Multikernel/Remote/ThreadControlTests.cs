using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Threads that programs of other cores stop, let run and ask: the messages that it takes, which are part of the contract (docs/remote-capabilities.md), and who may do what.</summary>
public sealed class ThreadControlTests : RemoteMachineTests
{
    private const uint Worker = RemotePrograms.OwnThread;

    public ThreadControlTests()
    {
        CallLedger ledger = new();
        foreach (RemotePrograms programs in _programs)
        {
            programs.Calls.Ledger = ledger;
        }

        Give(Home, Worker, Middle, Taken);
    }

    /// <summary>It stops and goes on, by a message each way. One that runs already is told so.</summary>
    [Fact]
    public void ResumeAndSuspend_TakeAMessageEachWay()
    {
        Dictionary<(uint, uint), uint> before = Sent();
        Assert.Equal(SystemResult.Ok, Ask(Middle, ThreadOperation.Resume));
        Assert.Equal(ThreadState.Ready, _programs[Home].Controlled.State);
        AssertSent(before, (Middle, Home, 1), (Home, Middle, 1));
        Assert.Equal(SystemResult.WrongState, Ask(Middle, ThreadOperation.Resume));
        Assert.Equal(SystemResult.Ok, Ask(Middle, ThreadOperation.Suspend));
        Assert.Equal(ThreadState.Inactive, _programs[Home].Controlled.State);
        AssertNoCalls();
    }

    /// <summary>What it is asked for comes with the answer.</summary>
    [Fact]
    public void Registers_ComeWithTheAnswer()
    {
        Assert.Equal(SystemResult.Ok, Ask(Middle, ThreadOperation.GetRegisters, ControlledThread.FirstRegister));
        Assert.Equal((SystemResult.Ok, 3u, ControlledThread.EntryOf(Home), ControlledThread.FlagsOf(Home)), _programs[Middle].Calls.LastHeard);
    }

    /// <summary>No priority above what its own core lets it have, nor the right to give one.</summary>
    [Fact]
    public void Priority_IsBoundedByWhatTheThreadMayHave()
    {
        Assert.Equal(SystemResult.AuthorityMissing, Ask(Middle, ThreadOperation.SetPriority, 10, 9));
        Assert.Equal(SystemResult.AuthorityMissing, Ask(Middle, ThreadOperation.SetPriority, 1, 10));
        Assert.Equal(((byte)5, (byte)9), _programs[Home].Controlled.Priority);
        Assert.Equal(SystemResult.Ok, Ask(Middle, ThreadOperation.SetPriority, 9, 8));
        Assert.Equal(((byte)9, (byte)8), _programs[Home].Controlled.Priority);
    }

    /// <summary>A program of another core can name no capability of this one: not even one of who called before it in the same record.</summary>
    [Theory]
    [InlineData(ThreadOperation.Configure)]
    [InlineData(ThreadOperation.BindContext)]
    [InlineData(ThreadOperation.BindNotification)]
    public void OperationThatNamesACapability_FindsNone(ThreadOperation operation) =>
        Assert.Equal(SystemResult.AddressInvalid, Ask(Middle, operation, Frame, Bell));

    /// <summary>What there is not is told by name.</summary>
    [Theory]
    [InlineData(0, SystemResult.OperationUnknown)]
    [InlineData(99, SystemResult.OperationUnknown)]
    [InlineData((int)ThreadOperation.GetRegisters, SystemResult.ArgumentInvalid)]
    [InlineData((int)ThreadOperation.UnbindNotification, SystemResult.WrongState)]
    [InlineData((int)ThreadOperation.SetBuffer, SystemResult.BufferMissing)]
    public void WrongQuestion_IsRefusedByName(int operation, SystemResult result) => Assert.Equal(result, Ask(Middle, (ThreadOperation)operation, 99));

    /// <summary>Without the right nothing is sent.</summary>
    [Fact]
    public void WithoutTheRight_NothingIsAsked()
    {
        Dictionary<(uint, uint), uint> before = Sent();
        Slot(Middle, Taken).Rights = CapabilityRights.Read | CapabilityRights.GrantReply;
        Assert.Equal(SystemResult.RightMissing, On(Middle, programs => programs.Ask(Taken, ThreadOperation.Resume)));
        AssertSent(before);
    }

    /// <summary>Who was given it on asks the home, without whoever gave it.</summary>
    [Fact]
    public void WhatWasGivenOn_AsksTheHome()
    {
        Pass(Taken);
        Take(Middle, Last, Taken);
        Dictionary<(uint, uint), uint> before = Sent();
        Assert.Equal(SystemResult.Ok, Ask(Last, ThreadOperation.Resume));
        AssertSent(before, (Last, Home, 1), (Home, Last, 1));
        Assert.Equal(ThreadState.Ready, _programs[Home].Controlled.State);
    }

    /// <summary>The owner's revoke waits for nobody, whether the holder hangs or not; what is asked later is refused, and changes nothing.</summary>
    [Fact]
    public void Revoke_WaitsForNobody_AndLaterQuestionsFail()
    {
        Dictionary<(uint, uint), uint> before = Sent();
        _programs[Middle].Member.HangUntil(ulong.MaxValue);
        On(Home, programs => programs.TakeBack(Worker));
        Assert.True(_programs[Home].HasRevoked);
        AssertSent(before, (Home, Middle, 1));

        // It has not heard of it, and asks.
        Assert.Equal(SystemResult.Ok, On(Middle, programs => programs.Ask(Taken, ThreadOperation.Resume)));
        _programs[Middle].Member.HangUntil(0);
        Settle();
        On(Middle, programs => programs.GoOn());
        Assert.Equal(SystemResult.PeerDied, _programs[Middle].Calls.LastHeard.Result);
        Assert.Equal((ThreadState.Inactive, 1ul), (_programs[Home].Controlled.State, _programs[Home].Remote.Refused));
        Assert.True(Slot(Middle, Taken).IsEmpty);
        AssertNoCalls();
        AssertNobodyHas();
    }

    /// <summary>Its owner deletes its capability: the thread is there as long as somebody holds it, and ends when the last gives it back.</summary>
    [Fact]
    public void Thread_EndsWithItsLastHolder()
    {
        On(Home, programs => programs.Delete(Worker));
        Assert.Equal(SystemResult.Ok, Ask(Middle, ThreadOperation.Resume));
        Assert.Equal(ThreadState.Ready, _programs[Home].Controlled.State);
        On(Middle, programs => programs.Delete(Taken));
        Settle();
        Assert.Equal(ThreadState.Inactive, _programs[Home].Controlled.State);
        AssertNobodyHas();
    }

    private SystemResult Ask(uint core, ThreadOperation operation, ulong word0 = 0, ulong word1 = 0)
    {
        SystemResult asked = On(core, programs => programs.Ask(Taken, operation, word0, word1));
        Settle();
        On(core, programs => programs.GoOn());
        return asked == SystemResult.Ok ? _programs[core].Calls.LastHeard.Result : asked;
    }

    private void AssertNoCalls()
    {
        foreach (RemotePrograms programs in _programs)
        {
            Assert.Equal((true, 0ul, 0ul), (programs.Calls.HasEnded, programs.Remote.Calls.Taken, programs.Remote.Callers.Taken));
        }
    }
}
