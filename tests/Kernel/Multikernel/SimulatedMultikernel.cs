using System.Runtime.CompilerServices;
using System.Text;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Provision;
using Atoll.Links;
using Atoll.Members;
using Atoll.Mm;
using Atoll.Provision;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>
/// A whole machine in one process: the product's coordinator and members from the first core's instance to the verdict.
/// </summary>
/// <remarks>
/// Memory is shared by mapping, with the rights that the kernel's own page table entries say. The coordinator runs to
/// its end;
/// whenever it halts or opens its interrupt window, members take turns in an order that a seed decides. A member's turn
/// ends
/// where it would halt or open its window: the stack is unwound there, which costs it nothing, since all it knows is in
/// its
/// state block. What an interrupted halt does next is then done for it (<see cref="Wake"/>).
/// </remarks>
internal sealed unsafe class SimulatedMultikernel : IDisposable
{
    private const int RamPagesMin = 4096;
    private const int RamPagesOfInstance = 24;
    private const ulong PoolBase = 0x40_0000;
    private const ulong BootSegmentFrames = 0x20;
    private const ulong HashStart = 14_695_981_039_346_656_037;
    private const ulong HashPrime = 1_099_511_628_211;
    private const uint InitDelivery = 5;
    private const uint StartupDelivery = 6;

    // Identifiers of an xAPIC have 8 bits, and 255 is everybody.
    private const int CoresWithGaps = 127;

    private readonly Random _random;
    private readonly int _ramPages;
    private readonly SharedRam _ram;
    private readonly HostPages _host = new(2);
    private readonly PeerWindow[] _windows;
    private readonly SimulatedMember[] _members;
    private readonly Dictionary<uint, SimulatedMember> _byApicId;
    private readonly UartModel _uart = new();
    private Func<bool> _isDone = () => false;
    private bool _hasBegun;
    private long _looks;

    /// <summary>Makes a machine that is about to run its coordinator.</summary>
    /// <param name="cores">Cores.</param>
    /// <param name="random">Decides the order of turns.</param>
    /// <param name="commandLine">Boot parameters.</param>
    /// <param name="x2Apic">Whether the cores have an x2APIC.</param>
    public SimulatedMultikernel(int cores, Random random, string commandLine, bool x2Apic = false)
    {
        _random = random;
        _ramPages = RamPagesMin + (cores * RamPagesOfInstance);
        _ram = new SharedRam(_ramPages);
        ImageInfo* image = (ImageInfo*)_host.Page(0);
        *image = SampleImage.Info();
        image->ApStartCode = (ulong)_host.Page(1);
        image->ApStartCodeBytes = 64;
        _windows = [.. Enumerable.Range(0, cores).Select(core => new PeerWindow(_ram, 512 * (int)(core == 0 ? PeerMap.TablesFor((uint)cores) : 1)))];
        _members =
        [
            .. Enumerable.Range(0, cores).Select(core =>
                new SimulatedMember((uint)core, MakeCore(core, image, cores > CoresWithGaps ? core : core * 2), _windows[core])),
        ];
        _byApicId = _members.ToDictionary(member => member.Core.LocalApic.Id);
        if (x2Apic)
        {
            Array.ForEach(_members, member => member.Core.OfferX2Apic());
        }

        TrialProfile profile = default;
        Assert.Equal(
            ParameterResult.Decoded,
            BootParameterDecoder.Decode(
                Encoding.ASCII.GetBytes(commandLine), out BootParameters parameters, ref profile, out _));
        Assert.True(profile.Contradiction((uint)cores).IsEmpty);
        Provision(in *image, in parameters);
        CoordinatorPages<TrialProfile>.Of(in *First.State).Profile = profile;
    }

    /// <summary>
    /// Frames that the coordinator has in all: the pool's first, and those of the boot segment that it gives back.
    /// </summary>
    public ulong PoolFrames => (ulong)_ramPages - (PoolBase / HostPages.PageBytes) + BootSegmentFrames;

    /// <summary>When it is too late for an end, nanoseconds.</summary>
    public ulong TicksMax { get; set; } = 3_000_000_000;

    /// <summary>How often it is looked who runs next, at most: a coordinator that never rests lets little time pass.</summary>
    public long LooksMax { get; set; } = long.MaxValue;

    /// <summary>Hash of all that has happened, in order: whose turn it was and when, and what was sent to whom.</summary>
    public ulong EventHash { get; private set; } = HashStart;

    /// <summary>How much has happened.</summary>
    public long Events { get; private set; }

    /// <summary>The machine's time, nanoseconds; every counter runs at 1 GHz.</summary>
    public ulong Now { get; private set; } = 1_000_000;

    /// <summary>Lines on the serial console.</summary>
    public string[] Lines => _uart.Lines;

    /// <summary>All that was written to the serial console.</summary>
    public string Console => _uart.Text;

    /// <summary>What was written to the debug-exit port, by whichever core.</summary>
    public byte? ExitCode => _members.Select(member => member.Core.ExitCode).FirstOrDefault(code => code is not null);

    /// <summary>The instances, by core.</summary>
    public IReadOnlyList<SimulatedMember> Members => _members;

    /// <summary>The coordinator's own state.</summary>
    public ref CoordinatorState Coordinator => ref CoordinatorState.Of(in *_members[0].State);

    /// <summary>Links between members that there are records of.</summary>
    public int LinkRecordCount
    {
        get
        {
            fixed (LinkRegistry* registry = &Coordinator.Links)
            {
                return new ReadOnlySpan<LinkRecord>(registry, Atoll.Base.Limits.LinkRecordsMax).ToArray().Count(record => record.Epoch != 0);
            }
        }
    }

    /// <summary>The page at a physical address, whoever's it is.</summary>
    public ReadOnlySpan<byte> Memory(ulong physical) => new(_ram.Page(physical), HostPages.PageBytes);

    private SimulatedMember First => _members[0];

    /// <summary>What programs do: called before a member's turn, and when the first core rests. On that core.</summary>
    public Action<SimulatedMember>? Programs { get; set; }

    /// <summary>What goes wrong with a member that is about to take a turn.</summary>
    public Action<SimulatedMember> Breaking { get; set; } = _ => { };

    /// <summary>Told of each life that begins.</summary>
    public Action<SimulatedMember> Beginning { get; set; } = _ => { };

    /// <summary>Told of each block that a core is about to enter: as it is on a machine, before the host's addresses are put in.</summary>
    public Action<uint, InstancePlan> Entering { get; set; } = (_, _) => { };

    /// <summary>Told before each turn of a member.</summary>
    public Action<SimulatedMember> Turning { get; set; } = _ => { };

    /// <summary>Told of each page that is prepared for another use, and of who lives.</summary>
    public Action<ulong> Preparing { get; set; } = _ => { };

    /// <summary>Runs until the first core rests and something is true; goes on from there when called again.</summary>
    public void RunUntil(Func<bool> isDone)
    {
        _isDone = isDone;
        if (_hasBegun && !First.IsAlive)
        {
            RunWithoutFirst();
            return;
        }

        if (!_hasBegun)
        {
            _hasBegun = true;
            Beginning(First);
            First.Run(() => CoordinatorInstance.Run<TrialProfile>(ref *First.State, ref Coordinator));
        }
        else
        {
            First.Run(() => CoordinatorInstance.Live<TrialProfile>(ref *First.State, ref Coordinator));
        }

        if (!First.IsAlive)
        {
            RunWithoutFirst();
        }

        Demand(_isDone(), $"the first core has stopped");
    }

    // FNV-1a, with words for bytes.
    private void Note(ulong who, ulong what)
    {
        EventHash = (((EventHash ^ who) * HashPrime) ^ what) * HashPrime;
        Events++;
    }

    // The coordinator is dead: the others go on.
    private void RunWithoutFirst()
    {
        try
        {
            while (!_isDone())
            {
                Demand(_members.Any(member => member.IsAlive || member.IsHung), $"everybody is dead, and the run has not come to its end");
                LetProgramsRun();
                LetOthersRun();
            }
        }
        catch (YieldException)
        {
        }
    }

    /// <summary>Whether everybody halts and nothing is on its way.</summary>
    public bool IsQuiet => HasFirstFinished && _members.All(
        member => !member.IsHung && member.Core.Stores.IsEmpty && (member.Activity is Activity.Off or Activity.Parked
            || ((member == First || member.Activity == Activity.Asleep) && !member.Core.IsInterruptPending)));

    /// <summary>Runs until somebody ends the run.</summary>
    public void Run()
    {
        First.Run(() => CoordinatorInstance.Run<TrialProfile>(ref *First.State, ref Coordinator));
        while (ExitCode is null)
        {
            LetOthersRun();
        }
    }

    /// <summary>
    /// An interrupt arrives (Intel SDM Vol. 3A, "Interrupt Command Register (ICR)": delivery mode in bits 10:8).
    /// </summary>
    public void Deliver(uint destination, uint command)
    {
        Note(destination, command);
        SimulatedMember target = _byApicId[destination];
        switch ((command >> 8) & 7)
        {
            case InitDelivery:
                target.Stop();
                break;
            case StartupDelivery when target.Activity == Activity.Off:
                Start(target);
                break;
            case 0:
                target.Core.IsInterruptPending = true;
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_windows, window => window.Dispose());
        _ram.Dispose();
        _host.Dispose();
    }

    // Identifiers with gaps, as firmware leaves them, as long as there are enough.
    private MultikernelCore MakeCore(int number, ImageInfo* image, int apicId)
    {
        var core = new MultikernelCore(this)
        {
            Uart = _uart,
            LocalApic = new ApicModel { Id = (uint)apicId },
            Image = image,
        };
        core.Sleeping = number == 0 ? HaltFirst : () => Halt(_members[number]);
        core.Opening = number == 0 ? OpenFirst : () => Open(_members[number]);
        return core;
    }

    // What early boot leaves to the coordinator.
    private void Provision(in ImageInfo image, in BootParameters parameters)
    {
        var memory = new RamMemory(_ram);
        FramePool pool = default;
        Assert.Equal(FramePoolResult.Done, pool.Give(PoolBase, PoolFrames - BootSegmentFrames));
        InstancePlan plan = InstancePlan.Coordinator(in image, (uint)_members.Length, CoordinatorPages<TrialProfile>.BytesFor((uint)_members.Length), StartTables.PageCount);
        Assert.Equal(FramePoolResult.Done, pool.Take(plan.PageCount, ulong.MaxValue, out plan.Base));
        InstanceBuilder.Build(ref memory, in plan, in image);
        StartTables.Build(ref memory, plan.AddressOf(PageKind.StartTables), in image);

        First.Begin(_ram, in plan);
        First.OpeningWindow = AssertNobodyElseMaps;
        First.State->SchemaVersion = InstanceState.SchemaVersionValue;
        First.State->Role = InstanceRole.Coordinator;
        First.State->Incarnation = 1;
        First.State->PrivateBase = plan.Base;
        First.State->PrivatePages = plan.PageCount;
        Coordinator.Parameters = parameters;
        Coordinator.Pool = pool;
        Coordinator.StartTables = plan.AddressOf(PageKind.StartTables);
        foreach (SimulatedMember member in _members)
        {
            Assert.True(Coordinator.Cores.TryAdd(member.Core.LocalApic.Id));
        }

        CoordinatorPages<TrialProfile>.BeginTables(ref *First.State, ref Coordinator);
        Coordinator.Instances[0].Plan = plan;
        Coordinator.Instances[0].Incarnation = 1;
    }

    // The start page says whose tables the core enters; the level 4 table is the block's first page.
    private void Start(SimulatedMember member)
    {
        ApStartParameters* start = (ApStartParameters*)(_ram.Page(0x8000) + 0xF00);
        Assert.Equal(member.Core.LocalApic.Id, start->ApicId);
        if (start->Mode == (uint)ApStartMode.Run)
        {
            InstancePlan plan = InstancePlan.Member(in *(ImageInfo*)_host.Page(0));
            plan.Base = start->InstanceTables;
            Entering(member.Number, plan);
            member.Begin(_ram, in plan);
            Beginning(member);
        }
    }

    private void HaltFirst()
    {
        LetProgramsRun();
        while (!First.Core.MustWake || _random.Next(3) != 0)
        {
            if (First.Core.MustWake && !_members.Any(member => member != First && member.IsRunnable))
            {
                break;
            }

            LetOthersRun();
            LetProgramsRun();
        }

        First.Core.TakeInterrupts();
    }

    // While a core rests its programs run.
    private void LetProgramsRun()
    {
        if (Programs is not null)
        {
            LetRun(Programs);
        }

        if (HasFirstFinished && _isDone())
        {
            throw new YieldException();
        }
    }

    private void LetRun(Action<SimulatedMember> programs)
    {
        if (HasFirstFinished && First.IsAlive)
        {
            programs(First);
        }

        foreach (SimulatedMember member in _members.Where(member => member != First && member.Activity == Activity.Asleep && !member.IsHung))
        {
            member.Run(() => programs(member));
        }
    }

    private void OpenFirst()
    {
        First.Core.TakeInterrupts();
        for (int turns = _random.Next(4); turns > 0; turns--)
        {
            LetOthersRun(mayJump: false);
        }
    }

    private void Open(SimulatedMember member)
    {
        member.Core.TakeInterrupts();
        if (_random.Next(2) == 0)
        {
            throw new YieldException();
        }
    }

    private static void Halt(SimulatedMember member)
    {
        if (member.Core.MustWake)
        {
            member.Core.TakeInterrupts();
            return;
        }

        member.Activity = Activity.Asleep;
        throw new YieldException();
    }

    // What follows the halt in TimedHalt and EventLoop.
    private static void Wake(SimulatedMember member)
    {
        member.Core.TakeInterrupts();
        member.Core.Deadline = null;
        member.State->Wake.Withdraw<CoherentMemory>(member.State->Map.Wake);
    }

    private void LetOthersRun(bool mayJump = true)
    {
        Now += (ulong)_random.Next(100, 3000);
        Demand(Now < TicksMax, $"no end after {Now} ns");
        Demand(++_looks < LooksMax, $"no end after {_looks} looks at who runs next");
        foreach (SimulatedMember member in _members)
        {
            member.Core.Stores.DrainSome(_random);
        }

        SimulatedMember[] runnable = [.. _members.Where(member => member != First && member.IsRunnable)];
        if (runnable.Length != 0)
        {
            SimulatedMember member = runnable[_random.Next(runnable.Length)];
            Note(member.Number, Now);
            Turning(member);
            Breaking(member);
            if (!member.IsHung)
            {
                Turn(member);
            }
        }
        else if (mayJump)
        {
            foreach (SimulatedMember member in _members)
            {
                member.Core.Stores.Drain();
            }

            AssertNobodyIsForgotten();
            ulong? next = _members.Where(member => member.IsAlive).Min(member => member.IsHung ? Finite(member.HungUntil) : member.Core.Deadline);
            Demand(next is not null || First.Core.MustWake || !First.IsAlive, $"everybody sleeps for ever");
            Now = ulong.Max(Now, next ?? 0);
        }
    }

    private static ulong? Finite(ulong? time) => time == ulong.MaxValue ? null : time;

    // A coordinator that waits inside an operation has not finished its turn: it still may ring, and no program runs.
    private bool HasFirstFinished => !First.IsAlive || First.State->Wake.SaysAsleep;

    private static void Turn(SimulatedMember member) => member.Run(() =>
    {
        switch (member.Activity)
        {
            case Activity.Starting:
                member.Activity = Activity.Running;
                Member.Run<TrialProfile>(ref *member.State);
                break;
            case Activity.Asleep:
                member.Activity = Activity.Running;
                Wake(member);
                goto default;
            default:
                Member.Live<TrialProfile>(ref *member.State);
                break;
        }
    });

    // Everybody halts and no interrupt is on its way: then nobody may have a message or a death to look at.
    private void AssertNobodyIsForgotten()
    {
        // Whoever hangs may have stored a message and not rung: its death will.
        if (!HasFirstFinished || First.Core.MustWake || _members.Any(member => member.IsHung))
        {
            return;
        }

        foreach (SimulatedMember member in _members.Where(member => member.IsAlive))
        {
            bool hasNews = SleepProtocol.HasNews<CoherentMemory, InstanceLinks, InstanceState>(ref *member.State);
            Demand(!hasNews, $"core {member.Number} sleeps beside a message");
        }
    }

    // What the console has said is long, and asked for on failure only.
    private void Demand(bool holds, [InterpolatedStringHandlerArgument("holds")] FailureText text)
    {
        if (!holds)
        {
            Assert.Fail($"{text.ToString()}:\n{_uart.Text}");
        }
    }

    // Memory is prepared for another use only when the living have let go of it. A dead core's status page is written while they map it.
    private void AssertNobodyElseMaps(ulong page)
    {
        Preparing(page);
        foreach (SimulatedMember other in _members.Where(member => member.IsAlive && member != First))
        {
            foreach ((uint slot, ulong mapped) in other.MappedPages())
            {
                LinkPage use = (LinkPage)(slot % PeerMap.PagesPerLink);
                Demand(mapped != page || use == LinkPage.Status, $"the coordinator writes to page {page:x}, which core {other.Number} has mapped ({use})");
            }
        }
    }
}
