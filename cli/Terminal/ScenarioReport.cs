using System.Globalization;
using System.Text.Json.Nodes;
using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Terminal;

/// <summary>Writes scenarios and what came of them: one line each, for people or as JSON Lines.</summary>
public sealed class ScenarioReport(bool isJson)
{
    /// <summary>Lists scenarios with the machines that they run on.</summary>
    /// <returns>Exit code 0.</returns>
    public int List(IReadOnlyList<Scenario> scenarios)
    {
        int width = scenarios.Max(scenario => scenario.Name.Length);
        foreach (Scenario scenario in scenarios)
        {
            if (isJson)
            {
                Console.WriteLine(new JsonObject
                {
                    ["scenario"] = scenario.Name,
                    ["description"] = scenario.Description,
                    ["shapes"] = new JsonArray([.. scenario.Shapes.Select(shape => (JsonNode)shape.Options)]),
                }.ToJsonString());
            }
            else
            {
                Console.WriteLine($"{scenario.Name.PadRight(width)}  {scenario.Description}");
                Console.WriteLine($"{new string(' ', width)}  on {ShapeList.Text(scenario.Shapes)}");
            }
        }

        return 0;
    }

    /// <summary>Writes one result; failures are explained on stderr.</summary>
    public void Write(ScenarioResult result)
    {
        Console.WriteLine(isJson ? Json(result) : Text(result));
        if (!result.Passed)
        {
            Progress.Say(result.Explanation);
        }
    }

    private static string Json(ScenarioResult result)
    {
        var line = new JsonObject
        {
            ["scenario"] = result.Scenario,
            ["cores"] = result.Shape.Cores,
            ["verdict"] = result.Passed ? "pass" : "fail",
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["command"] = result.RepeatCommand,
        };
        if (result.Shape.Calls is { } calls)
        {
            line["calls"] = calls;
        }

        foreach ((string name, long value) in result.Counts)
        {
            line[name] = value;
        }

        return line.ToJsonString();
    }

    private static string Text(ScenarioResult result)
    {
        string counts = string.Concat(result.Counts.Select(pair => $", {pair.Key} {pair.Value}"));
        string seconds = result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return $"{(result.Passed ? "pass" : "FAIL")} {result.Scenario} on {result.Shape}: {seconds} s{counts}";
    }
}
