using System.Runtime.InteropServices;
using System.Text;
using Atoll.Abi;
using Atoll.Cli.Systems;
using Atoll.Cli.Workspace;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Tests.Systems;

/// <summary>What a system says, what Init gets of it, and every way in which it can be wrong.</summary>
public sealed class SystemCheckTests
{
    private const string Good = """
        description = "Two programs on the serial line"
        cores = 2
        grant_mib = 16

        [[program]]
        name = "serial"
        priority = 200
        budget_us = 2000
        period_us = 10000
        restart = "on-fault"
        restarts = 3
        restart_window_s = 10
        faults_to = "watcher"
        [program.ports]
        uart = { first = 0x3F8, last = 0x3FF }
        [program.interrupts]
        uart-line = { line = 4, trigger = "level", polarity = "low" }

        [[program]]
        name = "console"
        arguments = "width=80"

        [[program]]
        name = "watcher"
        core = "every"

        [[program]]
        name = "shared-one"
        image = "mapper"
        core = 1
        [program.regions]
        shared = { region = "frames", at = 0x10000000, rights = "r" }

        [[program]]
        name = "narrow"
        allow = ["figures"]

        [[program]]
        name = "asker"

        [[channel]]
        server = "serial.bytes"
        clients = ["console.serial"]

        [[channel]]
        server = "init"
        clients = ["asker.system"]

        [[region]]
        name = "frames"
        size_kib = 128
        """;

    public static TheoryData<int> Mistakes => [.. Enumerable.Range(0, FaultySystem.All.Count)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsFoundAtItsPlace(int index)
    {
        FaultySystem mistake = FaultySystem.All[index];
        int mark = mistake.Marked.IndexOf('«', StringComparison.Ordinal);
        string before = mistake.Marked[..mark];
        int line = before.Count(letter => letter == '\n') + 1;
        int column = mark - before.LastIndexOf('\n');

        SystemPlan? plan = Check(mistake.Marked.Remove(mark, 1), out IReadOnlyList<Diagnostic> findings);

        Assert.Null(plan);
        string expected = $"systems/sample.toml({line},{column}): error {mistake.Id}: ";
        Assert.True(
            findings.Count == 1 && findings[0].ToString().StartsWith(expected, StringComparison.Ordinal)
                && findings[0].Message.Contains(mistake.Says, StringComparison.OrdinalIgnoreCase),
            $"{mistake.Marked}\nexpected: {expected}…{mistake.Says}\nfound: {string.Join("\n       ", findings)}");
    }

    /// <summary>What becomes of cores is told to a program, not to the kernel.</summary>
    [Fact]
    public void BootParameters_AreTheGrantAndTheConsole()
    {
        SystemPlan? plan = Check(Good, out IReadOnlyList<Diagnostic> findings);

        Assert.Empty(findings);
        Assert.Equal("end=never grant=16 console=program", SystemBoot.Parameters(plan!.Description));
    }

    [Fact]
    public void EveryKindOfMistakeHasACase()
    {
        // 9500: no file. 951x: manifests (tests/Linker). 9520, 9521, 9542: files and sizes, below and in SystemBuildTests.
        string[] elsewhere = ["ATL9500", "ATL9510", "ATL9511", "ATL9512", "ATL9520", "ATL9521", "ATL9542"];

        Assert.Equal(
            DescriptionDiagnostics.All.Select(kind => kind.Id).Except(elsewhere).Order(),
            FaultySystem.All.Select(mistake => mistake.Id).Distinct().Order());
        Assert.True(FaultySystem.All.Count >= 60);
    }

    [Fact]
    public void PageListsEveryKindOfMistake()
    {
        string page = File.ReadAllText(Repository.Find().In("docs", "systems.md"));

        Assert.Equal(
            DescriptionDiagnostics.All.Select(kind => kind.Id),
            page.Split('\n').Where(line => line.StartsWith("| ATL9", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public void GoodSystemIsPlanned()
    {
        SystemPlan plan = Check(Good, out IReadOnlyList<Diagnostic> findings)!;

        Assert.Empty(findings);
        PlannedProgram serial = plan.Programs[0];
        // Two replies lie in slots 1 and 2; needs begin at ProgramSlot.First.
        Assert.Equal([("bytes", 8u), ("uart", 9u), ("uart-line", 10u)], serial.Grants.Select(grant => (grant.Need.Name, grant.Slot)));
        Assert.Equal(2, serial.FaultsTo);

        UnmetNeed unmet = Assert.Single(plan.Programs[1].NotGiven);
        Assert.Equal(("log", "no [[channel]] has it among its clients"), (unmet.Need.Name, unmet.Why));
        // Init's channel, the serial one, and one for the watcher's faults.
        Assert.Equal(3u, plan.ChannelCount);
    }

    /// <summary>A need with a count has a record for each program that it is joined with. Slots, names and pages of the ends lie one behind the other; the notification is in the slot before the first.</summary>
    [Fact]
    public void ManyChannels_AreWrittenByPart()
    {
        const string system = """
            description = "Many"
            cores = 2
            grant_mib = 32

            [[program]]
            name = "throng"

            [[program]]
            name = "ringer"

            [[program]]
            name = "other"
            image = "throng"
            core = 1

            [[channel]]
            ends = ["ringer.line", "throng.lines[100-100]"]

            [[channel]]
            ends = ["other.lines[0-99]", "throng.lines[0-99]"]
            """;
        SystemPlan plan = Check(system, out IReadOnlyList<Diagnostic> findings)!;
        Assert.Empty(findings);
        ReadOnlySpan<byte> table = SystemTable.Write(plan, _ => 0);
        ProgramRecord[] programs = MemoryMarshal.Cast<byte, ProgramRecord>(table.Slice(96, 3 * 256)).ToArray();
        GrantRecord[] grants = MemoryMarshal.Cast<byte, GrantRecord>(table.Slice(96 + (3 * 256), 6 * 64)).ToArray();

        // From slot 8 on: the CNode and two free slots, the notification, 101 ends: more than 64, and fewer than 128.
        Assert.Equal((3, 7), (programs[0].GrantCount, programs[0].NodeBits));
        Assert.Equal((1, 6), (programs[1].GrantCount, programs[1].NodeBits));
        Assert.Equal(("lines", 100, 12u, 2u, 1u), (Text(grants[1].Name), grants[1].Count, grants[1].Slot, grants[1].Object, grants[1].Peer));
        Assert.Equal(("lines", 1, 112u, 1u, 0u), (Text(grants[2].Name), grants[2].Count, grants[2].Slot, grants[2].Object, grants[2].Peer));
        Assert.Equal((0x4000_0000ul, 0x4000_0000ul + (100 * 0x2000)), (grants[1].Argument, grants[2].Argument));
        Assert.Equal(((byte)CapabilityRights.Read, (byte)0), (grants[1].Rights, grants[2].Rights));
        Assert.Equal((1ul << 56, 1ul << 56), (grants[1].Badge, grants[2].Badge));
        Assert.Equal((0, 8u, 1u, 0u), (grants[3].Count, grants[3].Slot, grants[3].Object, grants[3].Peer));
        Assert.Equal((100, 2u, 0u), (grants[5].Count, grants[5].Object, grants[5].Peer));

        // 128 slots of 64 bytes, and a page table more for pages from 1 GiB on with the one above it.
        Assert.True(plan.Programs[0].Memory.UsedBytes > plan.Programs[1].Memory.UsedBytes);
    }

    /// <summary>Ends of a program on every core: one record on either side. The name is counted from core 0 on, and the names that cores may need are nobody else's.</summary>
    [Fact]
    public void EndsToAProgramOnEveryCore_AreOneRecord()
    {
        const string system = """
            description = "Everywhere"
            cores = 1
            grant_mib = 32

            [[program]]
            name = "throng"

            [[program]]
            name = "ringer"
            core = "every"

            [[program]]
            name = "second"
            image = "ringer"

            [[program]]
            name = "third"
            image = "ringer"

            [[channel]]
            ends = ["ringer.line", "throng.lines"]

            [[channel]]
            ends = ["second.line", "third.line"]
            """;
        SystemPlan plan = Check(system, out IReadOnlyList<Diagnostic> findings)!;
        Assert.Empty(findings);
        ReadOnlySpan<byte> table = SystemTable.Write(plan, _ => 0);
        GrantRecord[] grants = MemoryMarshal.Cast<byte, GrantRecord>(table.Slice(96 + (4 * 256), 5 * 64)).ToArray();

        Assert.Equal((400, 1u, ProgramRecord.EveryCore), (grants[1].Count, grants[1].Object, grants[1].Peer));
        Assert.Equal((0, 1u, 0u), (grants[2].Count, grants[2].Object, grants[2].Peer));

        // 255 cores at most (docs/running.md).
        Assert.Equal(1u + 400, grants[3].Object);
    }

    /// <summary>Init has an end on every core, and needs no record: the header says where the other ends are. The names that cores may need are nobody else's.</summary>
    [Fact]
    public void EndsToInit_AreInTheHeader()
    {
        const string system = """
            description = "Who hears of every core"
            cores = 2

            [[program]]
            name = "ringer"

            [[program]]
            name = "second"
            image = "ringer"

            [[program]]
            name = "hearer"
            core = 1

            [[program]]
            name = "third"
            image = "ringer"

            [[program]]
            name = "fourth"
            image = "ringer"

            [[channel]]
            ends = ["ringer.line", "second.line"]

            [[channel]]
            ends = ["init", "hearer.stops"]

            [[channel]]
            ends = ["third.line", "fourth.line"]
            """;
        SystemPlan plan = Check(system, out IReadOnlyList<Diagnostic> findings)!;
        Assert.Empty(findings);
        ReadOnlySpan<byte> table = SystemTable.Write(plan, _ => 0);
        SystemHeader header = MemoryMarshal.Read<SystemHeader>(table);
        GrantRecord[] grants = MemoryMarshal.Cast<byte, GrantRecord>(table.Slice(96 + (5 * 256), 5 * 64)).ToArray();

        Assert.Equal((2u, 1u, 64u), (header.StopsName, header.StopsCore, header.StopsCount));
        Assert.Equal((64, 2u, ProgramRecord.EveryCore), (grants[2].Count, grants[2].Object, grants[2].Peer));

        // 255 cores at most (docs/running.md).
        Assert.Equal(2u + 255, grants[3].Object);
        Assert.Contains("64 to init on every core", plan.Programs[2].Grants[0].Gift.Text, StringComparison.Ordinal);
    }

    /// <summary>Some of the ends: the first cores are heard, and no end is kept for others.</summary>
    [Fact]
    public void FirstEndsToInit_AreThoseOfTheFirstCores()
    {
        const string system = """
            description = "Who hears of four cores"

            [[program]]
            name = "hearer"

            [[channel]]
            ends = ["hearer.stops[0-3]", "init"]
            """;
        SystemPlan plan = Check(system, out IReadOnlyList<Diagnostic> findings)!;
        Assert.Empty(findings);
        SystemHeader header = MemoryMarshal.Read<SystemHeader>(SystemTable.Write(plan, _ => 0));
        Assert.Equal((4u, 4u), (header.StopsCount, plan.Programs[0].Grants[0].EndCount));
    }

    /// <summary>Where nobody hears, the header says so.</summary>
    [Fact]
    public void SystemWithoutWhoHears_HasNoNames()
    {
        SystemHeader header = MemoryMarshal.Read<SystemHeader>(SystemTable.Write(Check(Good, out _)!, _ => 0));
        Assert.Equal((0u, 0u, 0u), (header.StopsName, header.StopsCore, header.StopsCount));
    }

    [Fact]
    public void TableSaysWhatThePlanSays()
    {
        SystemPlan plan = Check(Good, out _)!;
        ReadOnlySpan<byte> table = SystemTable.Write(plan, name => name.Length);

        Assert.Equal("ATOLLSYS", Encoding.ASCII.GetString(table[..8]));
        SystemHeader header = MemoryMarshal.Read<SystemHeader>(table);
        Assert.Equal((2u, 6u, 9u, 3u, 1u, 2u), (header.Version, header.ProgramCount, header.GrantCount, header.ChannelCount, header.RegionCount, header.Cores));
        Assert.Equal("sample", Text(header.Name));
        Assert.Equal(96 + (6 * 256) + (9 * 64) + 16, table.Length);

        ReadOnlySpan<ProgramRecord> programs = MemoryMarshal.Cast<byte, ProgramRecord>(table.Slice(96, 6 * 256));
        ProgramRecord serial = programs[0];
        Assert.Equal(("serial", 6u, 0u, 0u), (Text(serial.Name), serial.Image, serial.Core, serial.FirstGrant));
        Assert.Equal((3, 6), (serial.GrantCount, serial.NodeBits));
        Assert.Equal((2000u, 10000u, 2u, 3u, 10u), (serial.BudgetMicroseconds, serial.PeriodMicroseconds, serial.FaultsTo, serial.RestartsMax, serial.RestartWindowSeconds));
        Assert.Equal((200, RestartPolicy.OnFault, 2), (serial.Priority, serial.Restart, serial.Replies));
        Assert.Equal((8u, "width=80"), (programs[1].ArgumentBytes, Encoding.UTF8.GetString(programs[1].Arguments).TrimEnd('\0')));
        Assert.Equal((ProgramRecord.EveryCore, SystemHeader.None), (programs[2].Core, programs[2].FaultsTo));
        Assert.Equal(("shared-one", 6u, 1u), (Text(programs[3].Name), programs[3].Image, programs[3].Core));

        GrantRecord[] grants = MemoryMarshal.Cast<byte, GrantRecord>(table.Slice(96 + (6 * 256), 9 * 64)).ToArray();
        Assert.Equal([GrantKind.Serve, GrantKind.Ports, GrantKind.Interrupt, GrantKind.Call, GrantKind.Faults, GrantKind.Region, GrantKind.Slots, GrantKind.Figures, GrantKind.Call], grants.Select(grant => grant.Kind));
        Assert.Equal(1u, grants[0].Object);
        Assert.Equal(0x3F8ul | (0x3FFul << 16), grants[1].Argument);
        // Line 4; bit 0 level-triggered, bit 1 active low (IrqControlOperation.GetLine).
        Assert.Equal((1ul, 4ul | (3ul << 32)), (grants[2].Badge, grants[2].Argument));
        Assert.Equal((1u, 2ul), (grants[3].Object, grants[3].Badge));
        Assert.Equal(2u, grants[4].Object);
        Assert.Equal((0u, 0x1000_0000ul, (byte)MapRights.Read), (grants[5].Object, grants[5].Argument, grants[5].Rights));
        // The slots themselves follow the capability for the CNode.
        Assert.Equal((8u, 4ul, 13u), (grants[6].Slot, grants[6].Argument, grants[7].Slot));
        Assert.Equal((SystemHeader.InitChannel, 6ul), (grants[8].Object, grants[8].Badge));

        RegionRecord region = MemoryMarshal.Read<RegionRecord>(table[^16..]);
        Assert.Equal((128ul * 1024, 12), (region.Bytes, region.PageBits));
    }

    [Fact]
    public void DeviceIsABadgeOfTheChannelToWhoHandsDevicesOut()
    {
        const string system = """
            description = "d"
            [[program]]
            name = "bus"
            allow = ["devices"]
            [[program]]
            name = "driver"
            [program.devices]
            nic = { vendor = 0x1AF4, device = 0x1041, which = 2 }
            [[program]]
            name = "teller"
            allow = ["figures"]
            [program.frames]
            where = { region = "frames" }
            [[region]]
            name = "frames"
            size_kib = 64
            """;

        SystemPlan plan = Check(system, out IReadOnlyList<Diagnostic> findings)!;

        Assert.Empty(findings);
        // Nobody calls the bus but drivers: it has a channel all the same, behind Init's.
        Assert.Equal(2u, plan.ChannelCount);
        Assert.Equal((1u, 8u), (plan.Programs[0].Grants[0].Gift.Object, plan.Programs[0].Grants[0].Slot));
        PlannedGrant nic = Assert.Single(plan.Programs[1].Grants);
        // Caller 2 in bits 0-15, number 2 in 16-31, vendor in 32-47, device in 48-63.
        Assert.Equal((GrantKind.Device, 1u, 0x1041_1AF4_0002_0002ul), (nic.Kind, nic.Gift.Object, nic.Gift.Badge));
        // Sixteen frames of 4 KiB, then what comes behind them.
        Assert.Equal([(GrantKind.Frames, 8u, 16ul), (GrantKind.Figures, 24u, 0ul)], plan.Programs[2].Grants.Select(grant => (grant.Kind, grant.Slot, grant.Argument)));
    }

    [Fact]
    public void DeathsAreGivenWithoutAnEntry()
    {
        SystemPlan plan = Check("description = \"d\"\n[[program]]\nname = \"mourner\"", out IReadOnlyList<Diagnostic> findings)!;

        Assert.Empty(findings);
        Assert.Equal((GrantKind.Deaths, 0ul), (plan.Programs[0].Grants[0].Kind, plan.Programs[0].Grants[0].Argument));
    }

    [Fact]
    public void MemoryIsWhatInitMakes()
    {
        SystemPlan plan = Check("description = \"d\"\n[[program]]\nname = \"plain\"", out _)!;

        // Shelf 16 KiB, VSpace 4, thread 2 and budget and CNode to 28, two frames to 36, notification and reply to 40 with the
        // first page of data; tables: PDPT, PD, PT of 4 MiB, PT of 2 MiB; stack 16 KiB: (16 + 4 + 4 + 4 + 8 + 4) + 4 + 16 + 16 = 76.
        Assert.Equal((76ul * 1024, 17), (plan.Programs[0].Memory.UsedBytes, plan.Programs[0].MemoryBits));
        // Three pages of the image, four of the stack, four tables.
        Assert.Equal(11, plan.Programs[0].Memory.ShelfSlots);
    }

    [Fact]
    public void ProgramWithMorePagesThanInitHasSlotsForIsRefused()
    {
        Dictionary<string, ProgramImage> images = new(SamplePrograms.All) { ["plain"] = SamplePrograms.Make("plain", dataBytes: 240 * 0x1000) };

        Check("description = \"d\"\n[[program]]\nname = \"plain\"", out IReadOnlyList<Diagnostic> findings, images);

        Assert.Contains("'plain' has 250 pages, tables and lines, of at most 240", Assert.Single(findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BundleHasInitEachImageOnceAndTheTable()
    {
        SystemPlan plan = Check("description = \"d\"\n[[program]]\nname = \"a\"\nimage = \"plain\"\n[[program]]\nname = \"b\"\nimage = \"plain\"", out _)!;
        DiagnosticBag findings = new();

        byte[] bundle = SystemBundle.Write(plan, SamplePrograms.All["init"], findings)!;

        IReadOnlyList<BundledImage> images = BundleReader.Read(bundle, "sample.bundle", findings)!;
        Assert.Equal(
            [("init", BundleKind.Program), ("plain", BundleKind.Program), ("system", BundleKind.System)],
            images.Select(image => (image.Name, image.Kind)));
        Assert.Equal([1u, 1u], MemoryMarshal.Cast<byte, ProgramRecord>(images[2].Content.Span.Slice(96, 512)).ToArray().Select(program => program.Image));
    }

    [Fact]
    public void BundleThatInitCannotMapIsRefused()
    {
        Dictionary<string, ProgramImage> images = new(SamplePrograms.All) { ["plain"] = SamplePrograms.Make("plain", fileBytes: 2 << 20) };
        SystemPlan plan = Check("description = \"d\"\n[[program]]\nname = \"plain\"", out _, images)!;
        DiagnosticBag findings = new();

        Assert.Null(SystemBundle.Write(plan, images["init"], findings));

        Diagnostic finding = Assert.Single(findings.Found);
        Assert.Equal("ATL9542", finding.Id);
        Assert.Contains("517 pages of 4 KiB, of at most 512 (plain 2048 KiB", finding.Message, StringComparison.Ordinal);
    }

    private static SystemPlan? Check(
        string text, out IReadOnlyList<Diagnostic> findings, IReadOnlyDictionary<string, ProgramImage>? images = null)
    {
        DiagnosticBag bag = new();
        SystemDescription? description =
            TomlFile.Parse(text, "systems/sample.toml", bag) is { } root ? SystemFile.Read(root, "sample", bag) : null;
        SystemPlan? plan = description is null ? null : SystemCheck.Run(description, images ?? SamplePrograms.All, bag);
        findings = bag.Found;
        return plan;
    }

    private static string Text(ProgramName name) => Encoding.UTF8.GetString(name).TrimEnd('\0');
}
