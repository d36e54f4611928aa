using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>Gives regions, each where nothing else is.</summary>
internal sealed class RegionCheck(Checks checks)
{
    /// <summary>Pages of all regions that Init has slots for (services/Init, SlotMap).</summary>
    public const int PagesMax = 128;

    private readonly Dictionary<RegionDescription, CheckedProgram> _users = [];

    /// <summary>Gives all of them.</summary>
    public void Run()
    {
        foreach (CheckedProgram program in checks.Programs)
        {
            List<TakenRange> taken = [.. Taken(program.Image)];
            foreach (GivenRegion given in program.Description.Given.OfType<GivenRegion>())
            {
                Give(program, given, taken);
            }

            foreach (GivenFrames given in program.Description.Given.OfType<GivenFrames>())
            {
                GiveFrames(program, given);
            }
        }

        ulong pages = checks.System.Regions.Aggregate(0UL, (sum, region) => sum + (region.Bytes >> region.PageBits));
        if (pages > PagesMax)
        {
            checks.Report(
                DescriptionDiagnostics.TooMany, $"The regions have {pages} pages, of at most {PagesMax}; a page = \"2m\" makes fewer.", checks.System.Place);
        }
    }

    /// <summary>Reports regions that nobody has.</summary>
    public void ReportUnused()
    {
        foreach (RegionDescription region in checks.System.Regions.Where(region => !_users.ContainsKey(region)))
        {
            checks.Report(DescriptionDiagnostics.RegionUnused, $"No program maps the region '{region.Name}'.", region.Place);
        }
    }

    private void Give(CheckedProgram program, GivenRegion given, List<TakenRange> taken)
    {
        NeedRequest? need = checks.FindNeed(program, given.Need, given.Place, GrantKind.Region);
        if (Find(program, need, given.Region) is not { } region || need is null)
        {
            return;
        }

        CheckAddress(program, given, region, taken);
        CheckCore(program, given, region);
        string rights = given.Rights == MapRights.Read ? "r" : "rw";
        Gift gift = new($"region '{region.Name}', {region.Bytes / 1024} KiB at 0x{given.At.Value:x}, {rights}")
        {
            Object = IndexOf(region),
            Badge = region.Bytes,
            Argument = given.At.Value,
            Rights = (byte)given.Rights,
            Region = new MappedRegion(given.At.Value, region.Bytes, region.PageBits),
        };
        checks.Give(program, need, gift, given.Place);
    }

    private void GiveFrames(CheckedProgram program, GivenFrames given)
    {
        NeedRequest? need = checks.FindNeed(program, given.Need, given.Place, GrantKind.Frames);
        if (Find(program, need, given.Region) is not { } region || need is null)
        {
            return;
        }

        CheckCore(program, given, region);
        ulong frames = region.Bytes >> region.PageBits;
        string rights = given.Rights == CapabilityRights.None ? "" : given.Rights == CapabilityRights.Read ? ", r" : ", rw";
        Gift gift = new($"{frames} frames of region '{region.Name}'{rights}") { Object = IndexOf(region), Argument = frames, Rights = (byte)given.Rights };
        checks.Give(program, need, gift, given.Place);
    }

    /// <summary>The region of a name, when it is large enough for the need; null after a finding.</summary>
    private RegionDescription? Find(CheckedProgram program, NeedRequest? need, Placed<string> name)
    {
        RegionDescription? region = checks.System.Regions.FirstOrDefault(region => region.Name == name.Value);
        if (region is null)
        {
            checks.Report(
                DescriptionDiagnostics.RegionUnknown,
                $"There is no region '{name.Value}'{Nearest.Of(name.Value, checks.System.Regions.Select(other => other.Name))}",
                name.Place);
        }
        else if (region.Bytes < need?.Amount)
        {
            checks.Report(
                DescriptionDiagnostics.RegionTooSmall,
                $"The region '{region.Name}' has {region.Bytes / 1024} KiB, and '{program.Name}' needs {need.Amount / 1024} ({program.Image.ManifestFile}).",
                name.Place);
        }

        return region;
    }

    private uint IndexOf(RegionDescription region) => (uint)checks.System.Regions.ToList().IndexOf(region);

    private void CheckAddress(CheckedProgram program, GivenRegion given, RegionDescription region, List<TakenRange> taken)
    {
        ulong at = given.At.Value;
        bool isOutside = at < UserSpace.Start || at > UserSpace.End || region.Bytes > UserSpace.End - at;
        TakenRange? other = taken.Find(range => range.First < at + region.Bytes && at < range.End);
        string? wrong = (at & ((1UL << region.PageBits) - 1)) != 0 ? $"is no multiple of 0x{1UL << region.PageBits:x}"
            : isOutside ? $"does not lie in 0x{UserSpace.Start:x} to 0x{UserSpace.End:x}"
            : other is not null ? $"lies on {other.What}, 0x{other.First:x} to 0x{other.End:x}"
            : null;
        if (wrong is not null)
        {
            checks.Report(
                DescriptionDiagnostics.AddressTaken,
                $"The region '{region.Name}' at 0x{at:x} {wrong}, in '{program.Name}'.",
                given.At.Place);
        }

        taken.Add(new TakenRange(at, at + region.Bytes, $"the region '{region.Name}'"));
    }

    private void CheckCore(CheckedProgram program, GivenThing given, RegionDescription region)
    {
        if (_users.TryGetValue(region, out CheckedProgram? first) && first.Description.Core.Value != program.Description.Core.Value)
        {
            checks.Report(
                DescriptionDiagnostics.CoreDiffers,
                $"'{program.Name}' runs on {Checks.CoreText(program.Description.Core.Value)}, and '{first.Name}', which has the region too, on {Checks.CoreText(first.Description.Core.Value)}.",
                given.Place);
        }

        _users.TryAdd(region, program);
    }

    private static IEnumerable<TakenRange> Taken(ProgramImage image)
    {
        ulong stack = ProgramInformation.StackTop - image.Manifest.StackBytes;
        yield return new TakenRange(ProgramInformation.Address, ProgramInformation.Address + ImageLayout.PageSizeBytes, "the page of information");
        yield return new TakenRange(
            ProgramInformation.BufferAddress, ProgramInformation.BufferAddress + ImageLayout.PageSizeBytes, "the message buffer");
        if (image.Manifest.Needs.Where(need => need.Kind == GrantKind.Channel).Sum(need => (long)need.Amount) is > 0 and long ends)
        {
            yield return new TakenRange(
                ProgramInformation.ManyChannelsBase,
                ProgramInformation.ManyChannelsBase + ((ulong)ends * ProgramInformation.ManyChannelsStride),
                "the rings of many channels");
        }

        if (image.Manifest.Needs.Any(need => need.Kind == GrantKind.Channel && need.Amount == 0))
        {
            yield return new TakenRange(
                ProgramInformation.ChannelBase,
                ProgramInformation.ChannelBase + (ProgramInformation.ChannelsMax * ProgramInformation.ChannelStride),
                "the rings of channels");
        }

        yield return new TakenRange(ProgramInformation.WindowAddress, ProgramInformation.WindowEnd, "the window for pages of the program's own choice");
        yield return new TakenRange(ProgramInformation.LargeWindowAddress, ProgramInformation.LargeWindowEnd, "the window for frames of 2 MiB of the program's own choice");
        yield return new TakenRange(stack - ImageLayout.PageSizeBytes, ProgramInformation.StackTop + ImageLayout.PageSizeBytes, "the stack and the pages around it");
        yield return new TakenRange(
            image.Segments.Min(segment => segment.Address), image.Segments.Max(segment => segment.Address + segment.MemoryBytes), "the image");
    }

    /// <summary>Addresses that something lies at.</summary>
    private sealed record TakenRange(ulong First, ulong End, string What);
}
