using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>Joins the ends of channels of rings: two programs, each on a core of its own or both on one, that speak the same; or one program and, end by end, another
/// that runs on every core.</summary>
internal sealed class RingChannelCheck(Checks checks)
{
    private const string StopsProtocol = "stops";
    private const ushort StopsVersion = 1;

    // A program on every core finds its channel by its core's number.
    private const uint NamesForEveryCore = Verbs.CheckedOption.CoresMax;

    // 0 is no name.
    private uint _lastName;
    private readonly Dictionary<int, int> _ends = [];
    private readonly Dictionary<(int Program, string Need), ManyEnds> _many = [];

    /// <summary>Where Init of each core says which programs stopped: core and first name of the other ends; null: nowhere.</summary>
    public EndPart? Stops { get; private set; }

    /// <summary>Joins all.</summary>
    public void Run()
    {
        foreach (RingChannelDescription channel in checks.System.RingChannels)
        {
            Join(channel);
        }

        foreach (ManyEnds ends in _many.Values)
        {
            ends.Give();
        }
    }

    private void Join(RingChannelDescription channel)
    {
        if (channel.First.IsInit || channel.Second.IsInit)
        {
            JoinInit(channel.First.IsInit ? channel.Second : channel.First, channel.First.IsInit ? channel.First : channel.Second);
            return;
        }

        if (Find(channel.First) is not { } first || Find(channel.Second) is not { } second)
        {
            return;
        }

        if (first.Need.Protocol != second.Need.Protocol || first.Need.Version != second.Need.Version)
        {
            checks.Report(
                DescriptionDiagnostics.ProtocolDiffers,
                $"'{channel.First}' speaks '{first.Need.Protocol}' version {first.Need.Version} ({first.Program.Image.ManifestFile}), and '{channel.Second}' '{second.Need.Protocol}' version {second.Need.Version} ({second.Program.Image.ManifestFile}).",
                channel.Second.Place);
            return;
        }

        if (first.IsEverywhere || second.IsEverywhere)
        {
            JoinEverywhere(first, second);
            return;
        }

        if (first.Count != second.Count)
        {
            checks.Report(
                DescriptionDiagnostics.OutOfRange,
                $"'{channel.First}' has {first.Count} ends, and '{channel.Second}' {second.Count}.",
                channel.Second.Place);
            return;
        }

        uint name = _lastName + 1;
        _lastName += first.Count;
        Give(first, second, name);
        Give(second, first, name);
    }

    // End k goes to the program on core k.
    private void JoinEverywhere(Ending first, Ending second)
    {
        (Ending one, Ending every) = first.IsEverywhere ? (second, first) : (first, second);
        if (one.IsEverywhere || one.Need.Amount == 0 || one.End.Range is not null || every.Need.Amount != 0)
        {
            checks.Report(
                DescriptionDiagnostics.CoreDiffers,
                $"'{every.Program.Name}' runs on every core, so all ends of a need with a count go to its one: end 0 to core 0 and so on.",
                every.End.Place);
            return;
        }

        uint name = _lastName + 1;
        _lastName += uint.Max(NamesForEveryCore, (uint)one.Need.Amount);
        Give(one, every, name);
        Give(every, one, name);
    }

    // As with a program on every core: Init of core k has end k.
    private void JoinInit(ChannelEnd end, ChannelEnd init)
    {
        if (end.IsInit || Stops is not null)
        {
            checks.Report(DescriptionDiagnostics.NeedSatisfiedTwice, "Init has one end of one channel of rings: to who says which programs stopped.", init.Place);
            return;
        }

        if (Find(end) is not { } one)
        {
            return;
        }

        if (one.Need.Protocol != StopsProtocol || one.Need.Version != StopsVersion)
        {
            checks.Report(
                DescriptionDiagnostics.ProtocolDiffers,
                $"'{end}' speaks '{one.Need.Protocol}' version {one.Need.Version} ({one.Program.Image.ManifestFile}), and Init '{StopsProtocol}' version {StopsVersion}.",
                end.Place);
            return;
        }

        if (one.IsEverywhere || one.Need.Amount == 0 || end.Range is { First: not 0 })
        {
            checks.Report(
                DescriptionDiagnostics.CoreDiffers, "Init runs on every core, so ends of a need with a count go to it: end 0 to core 0 and so on.", init.Place);
            return;
        }

        uint name = _lastName + 1;
        _lastName += uint.Max(NamesForEveryCore, (uint)one.Need.Amount);
        Stops = new EndPart(0, one.Count, name, one.Core);
        GiveMany(one, ChannelEnd.Init, ProgramRecord.EveryCore, name);
    }

    private Ending? Find(ChannelEnd end)
    {
        if (checks.Find(end.Program, end.Place) is not { } program
            || checks.FindNeed(program, end.Need, end.Place, GrantKind.Channel) is not { } need)
        {
            return null;
        }

        if (end.Range is { } range && range.Last >= need.Amount)
        {
            string has = need.Amount == 0 ? "one end, without a number" : $"the ends 0 to {need.Amount - 1}";
            checks.Report(DescriptionDiagnostics.BadReference, $"'{end}': the need has {has} ({program.Image.ManifestFile}).", end.Place);
            return null;
        }

        return new Ending(program, need, (uint?)program.Description.Core.Value ?? ProgramRecord.EveryCore, end);
    }

    private void Give(Ending to, Ending other, uint name)
    {
        if (to.Need.Amount != 0)
        {
            GiveMany(to, other.Program.Name, other.Core, name);
            return;
        }

        int number = _ends.GetValueOrDefault(to.Program.Index);
        _ends[to.Program.Index] = number + 1;
        if (number == ProgramInformation.ChannelsMax)
        {
            checks.Report(
                DescriptionDiagnostics.TooMany,
                $"'{to.Program.Name}' has more than {ProgramInformation.ChannelsMax} channels of rings.",
                to.End.Place);
        }

        int bit = ProgramInformation.FirstChannelBit + (number % (int)ProgramInformation.ChannelsMax);
        Gift gift = new($"channel of rings {name} to {other.Program.Name} on core {other.Core}{(to.IsEverywhere ? ", counted from core 0 on" : "")}, bit {bit}")
        {
            Object = name,
            Peer = other.Core,
            Badge = 1UL << bit,
            Argument = ProgramInformation.ChannelBase + ((ulong)number * ProgramInformation.ChannelStride),
        };
        checks.Give(to.Program, to.Need, gift, to.End.Place);
    }

    private void GiveMany(Ending to, string other, uint core, uint name)
    {
        if (!_many.TryGetValue((to.Program.Index, to.Need.Name), out ManyEnds? ends))
        {
            if (_many.Keys.Any(had => had.Program == to.Program.Index))
            {
                checks.Report(DescriptionDiagnostics.TooMany, $"'{to.Program.Name}' has more than one need of many channels of rings.", to.End.Place);
            }

            ends = new ManyEnds(checks, to.Program, to.Need);
            _many.Add((to.Program.Index, to.Need.Name), ends);
        }

        ends.Add(new EndPart(to.End.Range?.First ?? 0, to.Count, name, core), other, to.End.Place);
    }

    /// <summary>An end with its program, or ends of one need.</summary>
    private sealed record Ending(CheckedProgram Program, NeedRequest Need, uint Core, ChannelEnd End)
    {
        /// <summary>Whether the program runs on every core.</summary>
        public bool IsEverywhere => Core == ProgramRecord.EveryCore;

        /// <summary>How many ends there are.</summary>
        public uint Count => End.Range is { } range ? range.Last - range.First + 1 : uint.Max(1, (uint)Need.Amount);
    }
}
