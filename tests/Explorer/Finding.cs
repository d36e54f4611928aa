using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Search;
using Atoll.Explorer.Tso;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>Searches a scenario and asserts what it finds.</summary>
public static class Finding
{
    /// <summary>Asserts that no run breaks a property. Prints the run that does.</summary>
    public static Exploration None(ITestOutputHelper output, Func<Model> scenario)
    {
        Exploration exploration = Search(output, scenario);
        Assert.True(exploration.Violation is null, Tell(scenario, exploration.Violation));
        Assert.True(exploration.Ends > 0, "no run ends");
        return exploration;
    }

    /// <summary>
    /// Asserts that a run breaks this property, that it can be told, and that its schedule alone repeats it.
    /// </summary>
    public static void Of(ITestOutputHelper output, ViolationKind kind, Func<Model> scenario)
    {
        Exploration exploration = Search(output, scenario);
        Assert.NotNull(exploration.Violation);
        string trace = Tell(scenario, exploration.Violation);
        output.WriteLine(trace);

        Assert.Equal(kind, exploration.Violation.Kind);
        Assert.NotEmpty(exploration.Violation.Schedule);
        string written = string.Join(' ', exploration.Violation.Schedule);
        Replay again = Replay.Of(scenario, Replay.ParseSchedule(written));

        // Of one that goes round for ever a run shows only that it goes on.
        Assert.Equal(kind, again.Kind ?? ViolationKind.Livelock);
        Assert.Equal(trace, again.Text);
    }

    private static Exploration Search(ITestOutputHelper output, Func<Model> scenario)
    {
        Exploration found = StateSearch.Run(scenario);
        output.WriteLine(found.ToString());
        return found;
    }

    private static string Tell(Func<Model> scenario, Violation? violation) =>
        violation is null ? "" : Replay.Of(scenario, violation.Schedule).Text;
}
