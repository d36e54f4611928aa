namespace Atoll.Defects.Tests;

/// <summary>Single-line defects that once passed every test and every scenario. Each has the test that notices it now.</summary>
/// <remarks>All of their kind that nobody has thought of are what <c>./build.sh test mutants</c> is for.</remarks>
internal static class SurvivorDefects
{
    private const string Analyzers = "analyzers/Atoll.Analyzers/";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        Host("an04: local functions are believed to keep promises", Analyzers + "Contracts/MeetContractAnalyzer.cs",
            "callee.MethodKind == MethodKind.LambdaMethod", "callee.MethodKind is MethodKind.LambdaMethod or MethodKind.LocalFunction",
            "Analyzers", "MeetContractTests.Reports"),
        Host("an06: a choice between two variables counts as its last arm", Analyzers + "Flow/ForwardFlow.cs",
            "captured[capture.Id] = isAnother ? null : variable;", "captured[capture.Id] = variable;",
            "Analyzers", "NoHiddenTrapTests.Reports"),
        new("ar02: no LFENCE before an interrupt command of the x2APIC", "kernel/Arch.X64/LocalApic.cs",
            "            System.Runtime.Intrinsics.X86.Sse2.LoadFence();\n", "", Defect.ImageBuild) { Complaint = "ATL9064" },
        Kernel("ar11: the identifier that means every core is a core", "kernel/Arch.X64/LocalApic.cs",
            "0xFFFF_FFFE : 0xFE)", "0xFFFF_FFFE : 0xFF)", "LocalApicTests.HighestId_IsTheLastThatIsNoBroadcast"),
        Kernel("co05: a crash record of another core is believed", "kernel/Coordinator/Supervisor.cs",
            " && record.Core == core)", ")", "SupervisionTests.CrashRecord_IsBelievedFromItsOwnCoreOnly"),
        Kernel("co10: survival is shown without an answer", "kernel/Coordinator/Survival.cs",
            "return link.Pongs > entry.PongsBefore;", "return link.Pongs >= entry.PongsBefore;", "SupervisionTests.Survivor_MustAnswer"),
        Kernel("co12: whom supervision has written to is not rung", "kernel/Coordinator/CoordinatorInstance.cs",
            "        LinkTurn.End(ref state);\n", "", "SupervisionTests.QuestionOfSupervision_IsRungForBeforeTheRest"),
        Kernel("co15: one wrong message still passes", "kernel/Trials/WorkloadWatch.cs",
            "(ref WorkStatus.Of(ref status).Errors) != 0;", "(ref WorkStatus.Of(ref status).Errors) > 1;", "SupervisionTests.Conclusion_CountsEveryError"),
        Kernel("co16: a run ends before everybody has answered", "kernel/Coordinator/Supervisor.cs",
            "? entry.OwesSurvival || profile.IsBusy(core)", "? profile.IsBusy(core)", "ProductProfileTests.RunWithAnEnd_EndsWhenAllHaveAnswered"),
        Kernel("co17: nobody is asked before a run ends", "kernel/Coordinator/Supervisor.cs",
            "            Survival.Demand<TProfile>(ref state, ref coordinator);\n", "", "MultikernelTests.EndOfARun_WaitsForAnAnswerOfEverybody"),
        Kernel("fw04: what the loader left is given out as free memory", "kernel/Firmware/FirmwareMap.cs",
            "        result |= pool.Exclude(startInfoAddress, startInfoAddress + StartInfo.SizeBytes);\n", "",
            "FirmwareMapTests.StartInfoAboveLowMemory_IsLeftOut"),
        Kernel("fw11: what ends where the start page begins takes it away", "kernel/Firmware/FirmwareMap.cs",
            "startPageIsUsable &= end <= ImageLayout.ApStartPage", "startPageIsUsable &= end < ImageLayout.ApStartPage",
            "FirmwareMapTests.NeighboursOfTheStartPage_LeaveItUsable"),
        Kernel("li08: what is settled stays asked for", "kernel/Instance/LinkOpening.cs",
            "        _asked.Remove(peer);\n", "", "LinkOpeningTests.LinkThatIsSettled_IsAskedForAgainWhenItIsWantedAgain"),
        Kernel("li14: an answer that nobody asked for counts", "kernel/Links/LinkTurn.cs",
            "entry.Pongs += entry.AwaitsPong ? 1UL : 0;", "entry.Pongs += 1UL;", "EventLoopTests.PongThatNobodyAskedFor_CountsForNothing"),
        Kernel("mm10: addresses are one bit short", "kernel/Mm/PageTableEntry.cs",
            "AddressMask = 0x000F_FFFF_FFFF_F000;", "AddressMask = 0x0007_FFFF_FFFF_F000;", "PageTableEntryTests.AddressOfAnEntry_IsBits51To12"),
        Host("pa04: a field with an immediate behind it is relocated wrongly", "linker/Passes/RecoverCodeReferences.cs",
            "if (size != FieldBytes || field + FieldBytes != instruction.NextIP)", "if (size != FieldBytes)",
            "Linker", "RelocationTests.FieldThatIsNotTheLastOfItsInstructionIsRefused"),
        Host("pa11: an image one page too large is taken", "linker/Passes/AssignAddresses.cs",
            "if (offset > window.SizeBytes)", "if (offset > window.SizeBytes + 4096)",
            "Linker", "LayoutTests.WindowIsFilledToItsLastPageAndNotBeyond"),
        Host("pr06: a signed comparison guards a switch", "linker/Proof/Flow/SwitchTable.cs",
            "Code.Ja_rel8_64 or Code.Ja_rel32_64;", "Code.Ja_rel8_64 or Code.Ja_rel32_64 or Code.Jg_rel8_64;",
            "Linker", "ShapeConditionTests.SwitchOfAnotherShapeIsFound"),
        Host("pr10: a site's claim covers the instruction behind it", "linker/Proof/Properties/PrivilegedInstructions.cs",
            "distance < CallBytes && grant is null;", "distance <= CallBytes && grant is null;",
            "Linker", "PrivilegeConditionTests.SiteCoversNothingBehindIt"),
        Host("pr15: an empty stack can be claimed", "linker/Proof/Reading/ImageClaims.cs",
            "return isGood && low < high && _stacks.Count", "return isGood && low <= high && _stacks.Count",
            "Linker", "HostileImageTests.ClaimThatIsNotUnderstoodIsRefused"),
        Host("pr18: a site may end inside an instruction", "linker/Proof/Properties/PrivilegedInstructions.cs",
            "(end == function.End || function.IndexOf(end) >= 0);", "(end == function.End || end > address);",
            "Linker", "PrivilegeConditionTests.SiteThatEndsInsideAnInstructionIsNone"),
        Kernel("tr10: the text begins and ends one byte late", "kernel/Trap/Backtrace.cs",
            "ulong inText = address - image.TextStart;", "ulong inText = address - image.TextStart - 1;",
            "BacktraceTests.WalkEnds_WhereNoRuleIsKnown"),
    ];

    private static Defect Kernel(string name, string file, string find, string replace, string test) => new(name, file, find, replace, test);

    private static Defect Host(string name, string file, string find, string replace, string project, string test) =>
        new(name, file, find, replace, test) { Tests = project };
}
