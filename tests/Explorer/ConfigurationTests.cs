using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Search;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>Every interleaving of every configuration: no property is broken.</summary>
/// <remarks>With ATOLL_LONG=1 the larger configurations too, and the table goes to docs/results/explorer.md.</remarks>
public sealed class ConfigurationTests(ITestOutputHelper output, ResultTable table) : IClassFixture<ResultTable>
{
    /// <summary>Names of the configurations of this run.</summary>
    public static TheoryData<string> Names() =>
    [
        .. Configurations.All.Where(one => ResultTable.IsLongRun || !one.IsLong).Select(one => one.Name),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryInterleaving_KeepsEveryProperty(string name)
    {
        Configuration configuration = Array.Find(Configurations.All, one => one.Name == name)!;

        Exploration exploration = Finding.None(output, configuration.Scenario);

        table.Add(name, exploration);
    }
}
