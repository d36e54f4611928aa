using System.CommandLine;
using Atoll.Cli.Systems;
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
        Option<int?> cores = CheckedOption.Cores();
        Option<int?> memory = CheckedOption.Memory();
        var machine = new Option<string?>("--machine") { Description = "QEMU machine type." };
        machine.AcceptOnlyFromAmong("q35", "pc");
        var cpu = new Option<string?>("--cpu") { Description = "QEMU's processor model with its features, such as max,-smap." };
        Option<int?> seed = CheckedOption.Whole("--seed", 0, int.MaxValue, "S", "Seed of QEMU's random numbers.");
        Option<int?> rounds = CheckedOption.Whole("--rounds", 1, 1_000_000, "N", "How often to repeat what the scenario repeats.");
        var icount = new Option<bool>("--icount") { Description = "Count instructions instead of time." };
        var calls = new Option<string?>("--calls") { Description = "Way of system calls." };
        calls.AcceptOnlyFromAmong(VmShape.QuickCalls, VmShape.LongCalls);
        var json = new Option<bool>("--json") { Description = "Write JSON Lines." };
        var command = new Command("vm", "Run a scenario on a virtual machine.") { name, list, cores, memory, machine, cpu, seed, rounds, icount, calls, json };
        command.SetAction(parsed =>
        {
            ScenarioReport report = new(isJson: parsed.GetValue(json));
            if (parsed.GetValue(list))
            {
                return report.List(ScenarioCatalog.All);
            }

            Scenario scenario = Choose(parsed.GetValue(name));
            var request = new VmShapeRequest
            {
                Cores = parsed.GetValue(cores),
                MemoryMiB = parsed.GetValue(memory),
                Machine = parsed.GetValue(machine),
                Cpu = parsed.GetValue(cpu),
                Seed = parsed.GetValue(seed),
                Rounds = parsed.GetValue(rounds),
                Icount = parsed.GetValue(icount),
                Calls = parsed.GetValue(calls),
            };
            return Run(repository, scenario, request, report);
        });
        return command;
    }

    private static Scenario Choose(string? name)
    {
        const string Advice = "'vm --list' lists them";
        return name is null
            ? throw new UserException($"name a scenario; {Advice}")
            : ScenarioCatalog.Find(name) ?? throw new UserException($"no scenario '{name}'; {Advice}");
    }

    private static int Run(Repository repository, Scenario scenario, VmShapeRequest request, ScenarioReport report)
    {
        Emulator.Require();
        SystemPackages.TryInstall(scenario.Packages);
        IReadOnlyList<VmShape> shapes = request.Choose(scenario.Shapes);
        if (shapes.Count == 0)
        {
            throw new UserException($"scenario '{scenario.Name}' has no machine with '--calls {request.Calls}': leave the option out");
        }

        string image = Repository.TrialImageFromRoot;
        Dictionary<string, string> modules = [];
        foreach (string system in shapes.Select(scenario.SystemOn).OfType<string>().Distinct())
        {
            var build = new SystemBuild(repository, system);
            _ = build.Run();
            modules.Add(system, build.BundleFromRoot);
        }

        if (!scenario.NeedsTrials)
        {
            ImageBuild.Product(repository).Run();
            image = Repository.ImageFromRoot;
        }
        else
        {
            ImageBuild.Trials(repository).Run();
            if (scenario.Bundle is not null)
            {
                ImageBuild.Suite(repository).Run();
            }

            if (shapes.Any(shape => shape.Calls == VmShape.LongCalls))
            {
                ImageBuild.LongWay(repository).Run();
            }
        }

        bool passed = true;
        foreach (VmShape shape in shapes)
        {
            Progress.Say($"{scenario.Name}: {shape}");
            string? module = scenario.SystemOn(shape) is { } system ? modules[system] : null;
            ScenarioResult result = scenario.Run(shape, shape.Calls == VmShape.LongCalls ? Repository.LongWayImageFromRoot : image, module);
            report.Write(result);
            passed &= result.Passed;
        }

        return passed ? 0 : 1;
    }
}
