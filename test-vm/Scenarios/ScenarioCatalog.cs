namespace Atoll.TestVm.Scenarios;

/// <summary>Every scenario there is: the table of contents of what is known to hold on a machine.</summary>
public static class ScenarioCatalog
{
    /// <summary>All scenarios, the most basic first.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new BootScenario(),
        new RingFirstScenario(),
        new RingMatrixScenario(),
        new RingFullStormScenario(),
        new DoorbellScenario(),
        new IsolationScenario(),
        new PanicScenario(),
        new FaultsScenario(),
        new StrayWriteScenario(),
        new PeerDiesScenario(),
        new KillAnyScenario(),
        new KillMidPublishScenario(),
        new WxScenario(),
        new DebugScenario(),
        new MemorySmallScenario(),
        new MissingCpuFeatureScenario(),
        new CoreNeverStartsScenario(),
        new CoreStartsLateScenario(),
        new ScaleScenario(),
        new SeparationScenario(),
        new PairCostScenario(),
        new MemoryLargeScenario(),
        new ShellScenario(),
        new ProgramsScenario(),
        new ChurnScenario(),
        new UndoScenario(),
        new CoordinatorRestartScenario(),
        new CoreDeathsScenario(),
        new ChannelPagesScenario(),
        new LentPagesScenario(),
        new DebugProgramScenario(),
        new CrashScenario(),
        new ServicesScenario(),
        new ChannelMatrixScenario(),
        new CapabilityTransferScenario(),
        new BulkScenario(),
        new RevokeStormScenario(),
        new DevicesScenario(),
        new NetScenario(),
        new NetScanScenario(),
        new NetFloodScenario(),
        new NetSpreadScenario(),
        new DriverDiesScenario(),
        new DriverHangsScenario(),
        new StackDiesScenario(),
        new StackHangsScenario(),
        new WebScenario(),
        new WebPageScenario(),
        new WebLoadScenario(),
        new ChannelDeathsScenario(),
        new ChannelMidPublishScenario(),
        new KillUnderProgramsScenario(),
        new HostileInstanceScenario(),
        new ChannelManyScenario(),
        new SuiteScenario(),
        new AttacksScenario(),
    ];

    /// <summary>Finds a scenario by its name, or null.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
