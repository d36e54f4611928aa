using System.Text;
using Atoll.Abi;
using Atoll.Services.Coordinator;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Coordinator;

/// <summary>Every order that was accepted ends once, the policy starts the dead as often as it says, and a coordinator that dies at any moment changes neither.</summary>
public sealed class CoordinatorServerTests
{
    private const ulong Hz = 1_000_000_000;
    private const ulong OrderPatience = 30 * Hz;
    private const ulong Orderer = 7, Looker = 8;
    private const uint FirstSlot = ServiceMachine.Node + 6;
    private readonly ServiceMachine _machine = new();
    private readonly FakeCores _cores;
    private CoordinatorServer _server;
    private string _arguments = "7=order";

    public CoordinatorServerTests()
    {
        _cores = new FakeCores(_machine, cores: 4);
        _ = Inbox.Open(ServiceMachine.Slots(13));
        Begin();
    }

    [Theory]
    [InlineData(CoreOrder.Stop, MemberState.Empty, 1ul)]
    [InlineData(CoreOrder.Kill, MemberState.Dead, 1ul)]
    [InlineData(CoreOrder.Restart, MemberState.Healthy, 2ul)]
    public void Order_IsCarriedOut(CoreOrder order, MemberState state, ulong life)
    {
        Assert.Equal((CoresAnswer.Done, 1u), Tell(2, order));
        Assert.Equal((1u, order, OrderOutcome.UnderWay), Outcome(2));
        Settle();

        Assert.Equal((state, life), (_cores.Rows[2].State, _cores.Rows[2].Life));
        Assert.Equal((1u, order, OrderOutcome.Done), Outcome(2));
        Assert.Equal((0u, CoreOrder.None, OrderOutcome.None), Outcome(1));
    }

    [Theory]
    [InlineData(CoreOrder.Start, MemberState.Healthy, 2ul)]
    [InlineData(CoreOrder.Restart, MemberState.Healthy, 2ul)]
    [InlineData(CoreOrder.Stop, MemberState.Empty, 1ul)]
    public void Order_ForTheDead_IsCarriedOut(CoreOrder order, MemberState state, ulong life)
    {
        _cores.Die(2, MemberCause.Hang);
        Settle();
        Assert.Equal((CoresAnswer.Done, 1u), Tell(2, order));
        Settle();

        Assert.Equal((state, life), (_cores.Rows[2].State, _cores.Rows[2].Life));
        Assert.Equal((1u, order, OrderOutcome.Done), Outcome(2));
    }

    [Theory]
    [InlineData(CoreOrder.Start, CoresAnswer.NothingToDo, CoresAnswer.Done)]
    [InlineData(CoreOrder.Stop, CoresAnswer.Done, CoresAnswer.NothingToDo)]
    [InlineData(CoreOrder.Kill, CoresAnswer.Done, CoresAnswer.NothingToDo)]
    [InlineData(CoreOrder.Restart, CoresAnswer.Done, CoresAnswer.Done)]
    [InlineData(CoreOrder.Panic, CoresAnswer.NotInThisImage, CoresAnswer.NothingToDo)]
    [InlineData(CoreOrder.Hang, CoresAnswer.NotInThisImage, CoresAnswer.NothingToDo)]
    [InlineData(CoreOrder.None, CoresAnswer.NothingToDo, CoresAnswer.NothingToDo)]
    public void Order_FitsTheState_OrIsRefused(CoreOrder order, CoresAnswer living, CoresAnswer empty)
    {
        Tell(3, CoreOrder.Stop);
        Settle();
        ulong note = _cores.Rows[3].Note0;

        Assert.Equal(living, Tell(2, order).Answer);
        Assert.Equal(empty, Tell(3, order).Answer);
        Assert.Equal(empty == CoresAnswer.Done, note != _cores.Rows[3].Note0);
        Assert.Equal(living == CoresAnswer.Done ? 1u : 0, Outcome(2).Number);
    }

    [Fact]
    public void Order_OfAnybodyElse_OrForNoCore_IsRefused()
    {
        Assert.Equal(CoresAnswer.NotAllowed, _server.Order(new Caller(Looker), 2, CoreOrder.Stop, out uint number));
        Assert.Equal(0u, number);
        Assert.Equal((CoresAnswer.FirstCore, 0u), Tell(0, CoreOrder.Stop));
        Assert.Equal((CoresAnswer.NoSuchCore, 0u), Tell(4, CoreOrder.Stop));
        Assert.Equal((CoresAnswer.NoSuchCore, 0u), Tell(uint.MaxValue, CoreOrder.Stop));
        Assert.Equal(CoresAnswer.NoSuchCore, _server.Outcome(new Caller(Looker), 4, out _, out _, out _, out _));
        Settle();
        Assert.Empty(_cores.Taken);
    }

    /// <summary>The kernel goes on while the program reads, so what it reads of one core is older than what it reads of another: no change is passed over.</summary>
    [Fact]
    public void ChangesWhileItReads_AreNotPassedOver()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            Assert.Equal((CoresAnswer.Done, CoresAnswer.Done), (Tell(1, CoreOrder.Restart).Answer, Tell(2, CoreOrder.Restart).Answer));
            _cores.Between = () =>
            {
                if (random.Next(4) == 0)
                {
                    _cores.Step(random.Next(1, 3));
                }
            };
            for (int look = 0; look < 20; look++)
            {
                _server.Signalled(1);
            }

            _cores.Between = null;
            Settle();
            Assert.True((Outcome(1).Outcome, Outcome(2).Outcome) == (OrderOutcome.Done, OrderOutcome.Done), $"seed {seed}: {Outcome(1)}, {Outcome(2)}");
        }
    }

    /// <summary>A core dies while it is ordered to stop, before each of the calls that this takes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void DeathWhileItOrders_EndsTheOrder(int calls)
    {
        _cores.Between = () =>
        {
            if (calls-- == 0)
            {
                _cores.Die(1);
            }
        };
        Assert.Equal(CoresAnswer.Done, Tell(1, CoreOrder.Stop).Answer);
        _cores.Between = null;
        Settle();

        Assert.Equal((1u, CoreOrder.Stop, OrderOutcome.Done), Outcome(1));
    }

    [Fact]
    public void SecondOrder_WaitsForTheFirst()
    {
        Tell(2, CoreOrder.Stop);
        Assert.Equal((CoresAnswer.Busy, 0u), Tell(2, CoreOrder.Start));
        Assert.Equal((CoresAnswer.Done, 1u), Tell(1, CoreOrder.Stop));
        Settle();
        Assert.Equal((CoresAnswer.Done, 2u), Tell(2, CoreOrder.Start));
        Settle();
        Assert.Equal((2u, CoreOrder.Start, OrderOutcome.Done), Outcome(2));
    }

    [Theory]
    [InlineData(MemberCause.Deadline, MemberState.Failed)]
    [InlineData(MemberCause.Memory, MemberState.Failed)]
    [InlineData(MemberCause.Panic, MemberState.Dead)]
    public void StartThatFails_IsToldOnce_AndNotTriedAgain(MemberCause cause, MemberState state)
    {
        _cores.StartsFailBy = cause;
        Tell(2, CoreOrder.Restart);
        Settle();
        Assert.Equal((state, OrderOutcome.Failed), (_cores.Rows[2].State, Outcome(2).Outcome));
        Assert.Single(_cores.Taken, (2, MemberOrder.Start));

        _cores.StartsFailBy = MemberCause.None;
        Tell(2, CoreOrder.Start);
        Settle();
        Assert.Equal((2u, CoreOrder.Start, OrderOutcome.Done), Outcome(2));
    }

    [Fact]
    public void OrderThatTakesTooLong_IsGivenUp_AndAnotherIsTaken()
    {
        Tell(2, CoreOrder.Stop);
        Assert.Equal(OrderPatience, _server.NextDeadline);
        _machine.Now = OrderPatience - 1;
        _server.Elapsed();
        Assert.Equal(OrderOutcome.UnderWay, Outcome(2).Outcome);

        // A coordinator that begins meanwhile waits no longer for it.
        Begin();
        Assert.Equal(OrderPatience, _server.NextDeadline);
        _machine.Now++;
        _server.Elapsed();
        Assert.Equal((1u, CoreOrder.Stop, OrderOutcome.Late), Outcome(2));
        Assert.Equal(Deadline.Never, _server.NextDeadline);
        Assert.Equal((CoresAnswer.Done, 2u), Tell(2, CoreOrder.Restart));
    }

    /// <summary>The window begins with its first restart, and the next with the first after its end.</summary>
    [Fact]
    public void Policy_StartsTheDead_AsOftenAsItSays_InEachWindow()
    {
        Begin("restarts=2 window=10 7=order");
        (ulong Second, bool IsAllowed)[] deaths = [(5, true), (6, true), (14, false), (14, false), (15, true), (24, true), (24, false), (25, true)];
        foreach ((ulong second, bool isAllowed) in deaths)
        {
            _machine.Now = second * Hz;
            if (_cores.Rows[1].State == MemberState.Dead)
            {
                Tell(1, CoreOrder.Start);
                Settle();
            }

            ulong life = _cores.Rows[1].Life;
            _cores.Die(1, second % 2 == 0 ? MemberCause.Hang : MemberCause.Panic);
            Settle();
            Assert.Equal((second, life + (isAllowed ? 1ul : 0)), (second, _cores.Rows[1].Life));
            Assert.Equal(isAllowed ? MemberState.Healthy : MemberState.Dead, _cores.Rows[1].State);
        }
    }

    /// <summary>A death is judged when it happens: that a window ends later starts nobody.</summary>
    [Fact]
    public void SpentBudget_IsFinal_UntilSomebodyOrders()
    {
        Begin("restarts=1 window=10 7=order");
        _cores.Die(1);
        Settle();
        _cores.Die(1);
        Settle();
        Assert.Equal((MemberState.Dead, 2ul), (_cores.Rows[1].State, _cores.Rows[1].Life));

        _machine.Now += 100 * Hz;
        _cores.Die(2);
        Settle();
        Begin(_arguments);
        Settle();
        Assert.Equal(MemberState.Dead, _cores.Rows[1].State);
        Assert.Equal(MemberState.Healthy, _cores.Rows[2].State);
        Tell(1, CoreOrder.Start);
        Settle();
        Assert.Equal(MemberState.Healthy, _cores.Rows[1].State);
    }

    /// <summary>Kill, panic and hang are deaths like any other; stop and restart are not the policy's.</summary>
    [Theory]
    [InlineData(CoreOrder.Kill, 0u)]
    [InlineData(CoreOrder.Panic, 0u)]
    [InlineData(CoreOrder.Hang, 0u)]
    [InlineData(CoreOrder.Restart, 1u)]
    public void Policy_DecidesAboutDeaths(CoreOrder order, uint left)
    {
        _cores.ProvokesFaults = true;
        Begin("restarts=1 window=10 7=order");
        Tell(2, order);
        Settle();

        Assert.Equal((MemberState.Healthy, 2ul), (_cores.Rows[2].State, _cores.Rows[2].Life));
        Assert.Equal(OrderOutcome.Done, Outcome(2).Outcome);
        Assert.Equal(CoresAnswer.Done, _server.Outcome(new Caller(Looker), 2, out _, out _, out _, out uint restartsLeft));
        Assert.Equal(left, restartsLeft);
    }

    [Fact]
    public void WithoutPolicy_TheDeadStayDead()
    {
        _cores.Die(1);
        Settle();
        Assert.Equal((MemberState.Dead, 0), (_cores.Rows[1].State, _cores.Taken.Count));
    }

    [Fact]
    public void Events_AreNumbered_AndAReaderSeesWhatItMissed()
    {
        ulong from = _server.Events(new Caller(Looker), out ulong oldest);
        Assert.Equal((1ul, 5ul), (oldest, from));
        Assert.False(_server.Event(new Caller(Looker), from, out _, out _, out _, out _, out _, out _));

        // Fenced and dead at once: one number is passed over.
        _machine.Now = 5 * Hz;
        _cores.Die(3, MemberCause.Hang);
        _cores.Die(1);
        _server.Signalled(1);
        Assert.Equal([(6ul, 3u, MemberCause.Hang, 1ul, 5000ul), (7ul, 1u, MemberCause.Panic, 1ul, 5000ul)], Read(from));
        for (int round = 0; round < 100; round++)
        {
            Tell(1, CoreOrder.Restart);
            Settle();
        }

        ulong end = _server.Events(new Caller(Looker), out oldest);
        Assert.InRange(oldest, from + 1, end - 1);
        Assert.Equal(EventRing.Capacity, (uint)Read(0).Count);
        Assert.Equal(oldest, Read(0)[0].Number);
        Assert.True(Read(0).Zip(Read(0).Skip(1)).All(pair => pair.First.Number < pair.Second.Number));
    }

    [Fact]
    public void Subscribers_AreSignalledForEvents_UntilTheyAreGone()
    {
        Capability first = Subscribe(client: 1, CoresAnswer.Done);
        Capability second = Subscribe(client: 2, CoresAnswer.Done);
        _server.Signalled(1);
        Assert.Empty(first.Signals);
        _cores.Die(1);
        _server.Signalled(1);
        Assert.Equal((1, 1), (first.Signals.Count, second.Signals.Count));

        second.Delete();
        _cores.Die(2);
        _server.Signalled(1);
        Assert.Equal(2, first.Signals.Count);
        Assert.Equal(CoresAnswer.Unknown, _server.Unsubscribe(new Caller(2)));
        Assert.Equal(CoresAnswer.Done, _server.Unsubscribe(new Caller(1)));
        Assert.True(first.IsGone);
        Assert.All(Enumerable.Range(1, 8), client => Subscribe((ulong)client, CoresAnswer.Done));
        _ = Subscribe(client: 9, CoresAnswer.Full);
        _ = Subscribe(client: 8, CoresAnswer.SignalUnusable, CapabilityRights.Read);
        Capability again = Subscribe(client: 8, CoresAnswer.Done);
        Assert.False(again.IsGone);
    }

    /// <summary>A coordinator that dies in any call of the kernel, again and again, with orders and deaths at any moment: each order that was accepted ends once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Coordinator_MayDieAtAnyMoment(int seed)
    {
        Random random = new(seed);
        _cores.ProvokesFaults = true;
        Begin("restarts=3 window=86400 7=order");
        uint[] accepted = new uint[4];
        for (int round = 0; round < 400; round++)
        {
            int core = random.Next(1, 4);
            (uint before, _, OrderOutcome was) = Outcome((uint)core);
            CoreOrder order = (CoreOrder)random.Next(1, 7);
            _cores.DiesIn = random.Next(3) == 0 ? random.Next(12) : -1;
            Alive(() => Tell((uint)core, order));
            _cores.DiesIn = -1;
            (uint number, CoreOrder ordered, OrderOutcome outcome) = Outcome((uint)core);
            Assert.InRange(number, before, before + 1);
            Assert.True(number == before || (was != OrderOutcome.UnderWay && ordered == order), $"seed {seed}, round {round}: order {number} is {ordered}");
            accepted[core] = number;
            for (int step = random.Next(6); step > 0; step--)
            {
                Disturb(random);
            }
        }

        Settle();
        for (uint core = 1; core < 4; core++)
        {
            (uint number, CoreOrder order, OrderOutcome outcome) = Outcome(core);
            Assert.Equal(accepted[core], number);
            Assert.True(outcome is OrderOutcome.Done or OrderOutcome.Failed, $"seed {seed}: order {order} of core {core} is {outcome}");
            Assert.True(_cores.Rows[core].State is MemberState.Healthy or MemberState.Dead or MemberState.Empty or MemberState.Failed);
        }

        _server.Elapsed();
        Assert.Equal(Deadline.Never, _server.NextDeadline);
    }

    /// <summary>Whatever dies in between: the policy takes no more than it may.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Budget_OutlivesTheCoordinator(int seed)
    {
        Random random = new(seed);
        Begin("restarts=3 window=86400 7=order");
        for (int death = 0; death < 20; death++)
        {
            if (_cores.Rows[1].State == MemberState.Healthy)
            {
                _cores.Die(1);
            }

            _cores.DiesIn = random.Next(20);
            Alive(() => _server.Signalled(1));
            _cores.DiesIn = -1;
            Settle();
        }

        Assert.Equal((MemberState.Dead, 4ul), (_cores.Rows[1].State, _cores.Rows[1].Life));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("restarts=1000 window=86400", true)]
    [InlineData("1=order 2=order 3=order 4=order 5=order 6=order 7=order 8=order", true)]
    [InlineData("1=order 2=order 3=order 4=order 5=order 6=order 7=order 8=order 9=order", false)]
    [InlineData("restarts=1001", false)]
    [InlineData("window=0", false)]
    [InlineData("window=86401", false)]
    [InlineData("restarts=x", false)]
    [InlineData("restarts", false)]
    [InlineData("7=look", false)]
    [InlineData("x=order", false)]
    public void Arguments_AreUnderstood_OrRefused(string text, bool isGood)
    {
        CoordinatorArguments arguments = default;
        Assert.Equal(isGood, arguments.TryRead(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>What another version has written, or nobody, says nothing.</summary>
    [Theory]
    [InlineData(0ul)]
    [InlineData(2ul)]
    [InlineData((1ul << 21) | (2 << 7) | (7 << 4) | 1)]
    [InlineData((1ul << 21) | (5 << 7) | (2 << 4) | 1)]
    [InlineData((1ul << 21) | (2 << 7) | (2 << 4) | 2)]
    [InlineData((1ul << 21) | (2 << 4) | 1)]
    [InlineData((1ul << 21) | (2 << 7) | 1)]
    [InlineData(ulong.MaxValue)]
    public void NoteOfAnother_IsNone(ulong word)
    {
        CoreNote note = CoreNote.Of(word, ulong.MaxValue);
        Assert.Equal((0u, CoreOrder.None, 0u, 0u), (note.Number, note.Order, note.WindowEnd, note.Judged));
        Assert.Equal((1u, CoreOrder.Stop, OrderOutcome.Done), Written(CoreNote.Of((1ul << 21) | (2 << 7) | (2 << 4) | 1, 0)));
    }

    /// <summary>What is written down is read again, to the last bit of each field.</summary>
    [Fact]
    public void Note_IsReadAsItWasWritten()
    {
        CoreNote note = new()
        {
            Order = CoreOrder.Hang,
            Outcome = OrderOutcome.Late,
            HasBegun = true,
            Taken = 1000,
            Number = 65_535,
            Until = (1 << 27) - 1,
            WindowEnd = uint.MaxValue,
            Judged = uint.MaxValue,
        };
        CoreNote read = CoreNote.Of(note.Word0, note.Word1);
        Assert.Equal(note, read);
        read.Accept(CoreOrder.Start, until: 5);
        Assert.Equal((1u, CoreOrder.Start, OrderOutcome.UnderWay, false, 5u, 1000u), (read.Number, read.Order, read.Outcome, read.HasBegun, read.Until, read.Taken));
    }

    private static (uint Number, CoreOrder Order, OrderOutcome Outcome) Written(CoreNote note) => (note.Number, note.Order, note.Outcome);

    // Something happens: the kernel takes a step, an instance dies, the coordinator looks, or it dies.
    private void Disturb(Random random)
    {
        int core = random.Next(1, 4);
        switch (random.Next(8))
        {
            case 0 when _cores.Rows[core].State == MemberState.Healthy:
                _cores.Die(core, random.Next(2) == 0 ? MemberCause.Hang : MemberCause.Panic);
                break;
            case 1:
                _cores.StartsFailBy = random.Next(4) == 0 ? (MemberCause)random.Next(1, 6) : MemberCause.None;
                break;
            case 2:
                _cores.DiesIn = random.Next(12);
                Alive(() => _server.Signalled(1));
                _cores.DiesIn = -1;
                break;
            case 3:
                _server.Signalled(1);
                break;
            default:
                _cores.Step(core);
                break;
        }

        _machine.Now += (ulong)random.Next(1_000_000);
    }

    // Does something; a program that dies of it is started again.
    private void Alive(Action action)
    {
        try
        {
            action();
        }
        catch (ProgramDiedException)
        {
            _cores.DiesIn = -1;
            Begin(_arguments);
        }
    }

    private void Settle()
    {
        for (int round = 0; round < 50; round++)
        {
            _server.Signalled(1);
            for (int core = 1; core < _cores.Rows.Length; core++)
            {
                _cores.Step(core);
            }
        }

        Assert.False(_cores.HasWork, "the cores never come to rest");
    }

    private void Begin(string? arguments = null)
    {
        _arguments = arguments ?? _arguments;
        CoordinatorArguments told = default;
        Assert.True(told.TryRead(Encoding.UTF8.GetBytes(_arguments)));
        _server = new CoordinatorServer(new InstanceFigures(FakeCores.Slot), in told, cores: 4, Hz);
        _server.Begin(new CNodeTable(ServiceMachine.Node), FirstSlot);
    }

    private (CoresAnswer Answer, uint Number) Tell(uint core, CoreOrder order)
    {
        CoresAnswer answer = _server.Order(new Caller(Orderer), core, order, out uint number);
        return (answer, number);
    }

    private (uint Number, CoreOrder Order, OrderOutcome Outcome) Outcome(uint core)
    {
        Assert.Equal(CoresAnswer.Done, _server.Outcome(new Caller(Looker), core, out uint number, out CoreOrder order, out OrderOutcome outcome, out _));
        return (number, order, outcome);
    }

    private List<(ulong Number, uint Core, MemberCause Cause, ulong Life, ulong Milliseconds)> Read(ulong from)
    {
        List<(ulong, uint, MemberCause, ulong, ulong)> all = [];
        while (_server.Event(new Caller(Looker), from, out ulong number, out uint core, out _, out MemberCause cause, out ulong life, out ulong milliseconds))
        {
            all.Add((number, core, cause, life, milliseconds));
            from = number + 1;
        }

        return all;
    }

    private Capability Subscribe(ulong client, CoresAnswer expected, CapabilityRights rights = CapabilityRights.Write)
    {
        var signal = new Capability(CapabilityType.Notification, rights, 0, 0);
        ulong slot = ServiceMachine.Node + 1;
        _machine.At(slot)?.Delete();
        _machine.Put(slot, signal);
        Assert.Equal(expected, _server.Subscribe(new Caller(client), new SignalWord(slot)));
        return signal;
    }
}
