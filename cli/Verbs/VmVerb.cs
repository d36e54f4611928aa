using System.CommandLine;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Verbs;

/// <summary><c>vm</c>: runs one scenario on a virtual machine.</summary>
public static class VmVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var name = new Argument<string?>("scenario") { Description = "Scenario to run.", Arity = ArgumentArity.ZeroOrOne };
        var list = new Option<bool>("--list") { Description = "List all scenarios." };
        var cores = new Option<int?>("--cores") { Description = "Virtual cores." };
        var memory = new Option<int?>("--memory") { Description = "Memory in MiB." };
        var machine = new Option<string?>("--machine") { Description = "QEMU machine type." };
        machine.AcceptOnlyFromAmong("q35", "pc");
        var seed = new Option<int?>("--seed") { Description = "Seed of QEMU's random numbers." };
        var icount = new Option<bool>("--icount") { Description = "Count instructions instead of time." };
        var json = new Option<bool>("--json") { Description = "Write JSON Lines." };
        var command = new Command("vm", "Run a scenario on a virtual machine.") { name, list, cores, memory, machine, seed, icount, json };
        command.SetAction(parsed =>
        {
            ScenarioReport report = new(isJson: parsed.GetValue(json));
            if (parsed.GetValue(list))
            {
                return report.List(ScenarioCatalog.All);
            }

            Scenario scenario = ScenarioCatalog.Find(parsed.GetValue(name) ?? "")
                ?? throw new UserException("name a scenario; './build.sh vm --list' lists them");
            var request = new VmShapeRequest
            {
                Cores = parsed.GetValue(cores),
                MemoryMiB = parsed.GetValue(memory),
                Machine = parsed.GetValue(machine),
                Seed = parsed.GetValue(seed),
                Icount = parsed.GetValue(icount),
            };
            return Run(repository, scenario, request, report);
        });
        return command;
    }

    private static int Run(Repository repository, Scenario scenario, VmShapeRequest request, ScenarioReport report)
    {
        Emulator.Require();
        SystemPackages.TryInstall(scenario.Packages);
        new ImageBuild(repository).Run();
        bool passed = true;
        foreach (VmShape shape in request.Choose(scenario.Shapes))
        {
            Progress.Say($"{scenario.Name}: {shape}");
            ScenarioResult result = scenario.Run(shape, Repository.ImageFromRoot);
            report.Write(result);
            passed &= result.Passed;
        }

        return passed ? 0 : 1;
    }
}
