using System.CommandLine;
using Atoll.Cli.Running;
using Atoll.Cli.Systems;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Debugger;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Verbs;

/// <summary><c>run</c>: boots Atoll and shows what its instances do.</summary>
public static class RunVerb
{
    private const int CoresUsual = 4;
    private const int LivePeriodMilliseconds = 500;
    private const string SystemUsual = "shell";
    // Whoever reaches the debugger's port does as he likes with the guest: nobody from outside.
    private const string GdbAddress = "127.0.0.1:1234";

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        Option<int?> cores = CheckedOption.Cores();
        Option<int?> memory = CheckedOption.Memory();
        Option<TimeSpan?> time = CheckedOption.Seconds("--for", "End by itself after this time.");
        var boot = new Option<string?>("--boot")
        {
            Description = "Boot kernels without programs (the image for tests), with these parameters of docs/serial.md, in quotes: --boot \"workload=matrix\". With --system: as well.",
            HelpName = "PARAMETERS",
        };
        var system = new Option<string?>("--system")
        {
            Description = $"Boot a system of systems/ with its programs; the terminal is its, Ctrl-A X ends. Without it: {SystemUsual}.",
            HelpName = "NAME",
        };
        var trials = new Option<bool>("--trials") { Description = "Boot the image for tests, which knows faults and deaths on demand." };
        var icount = new Option<bool>("--icount") { Description = "Count instructions instead of time." };
        var gdb = new Option<bool>("--gdb") { Description = "Wait for GDB before the first instruction." };
        var command = new Command("run", "Boot Atoll: kernel instances, and the programs of a system. Without programs 'q' ends.") { system, cores, memory, time, boot, trials, icount, gdb };
        command.SetAction(parsed =>
        {
            Emulator.Require();
            bool isKernelOnly = parsed.GetValue(system) is null && (parsed.GetValue(trials) || parsed.GetValue(boot) is not null);
            bool isTrial = parsed.GetValue(trials) || isKernelOnly;
            string? name = isKernelOnly ? null : parsed.GetValue(system) ?? SystemUsual;
            int? machineCores = parsed.GetValue(cores) ?? (parsed.GetValue(system) is null ? CoresUsual : null);
            SystemBuild? build = name is null ? null : new SystemBuild(repository, name);
            SystemPlan? plan = build?.Run();
            (isTrial ? ImageBuild.Trials(repository) : ImageBuild.Product(repository)).Run();
            var settings = new VmSettings
            {
                ImagePath = isTrial ? Repository.TrialImageFromRoot : Repository.ImageFromRoot,
                Icount = parsed.GetValue(icount),
                GdbAddress = parsed.GetValue(gdb) ? GdbAddress : null,
                TimeLimit = Timeout.InfiniteTimeSpan,
            };
            SayHowToDebug(settings, plan);
            return plan is null
                ? RunKernel(repository, ForKernel(settings, machineCores, parsed.GetValue(memory), parsed.GetValue(boot)), parsed.GetValue(time))
                : RunSystem(repository, SystemBoot.Settings(settings, plan, build!, machineCores, parsed.GetValue(memory), parsed.GetValue(boot)), parsed.GetValue(time));
        });
        return command;
    }

    private static void SayHowToDebug(VmSettings settings, SystemPlan? plan)
    {
        if (settings.GdbAddress is not null)
        {
            SystemPackages.TryInstall([GdbBatch.Package]);
            Progress.Say($"waiting for: {GdbBatch.CommandLine(settings.ImagePath, settings.GdbAddress)}");
            if (plan is not null)
            {
                string images = string.Join(", ", plan.Images);
                Progress.Say($"in GDB, '{GdbBatch.ProgramCommand("NAME")}' loads the symbols of a program: {images}");
            }
        }
    }

    private static VmSettings ForKernel(VmSettings settings, int? cores, int? memory, string? boot) => settings with
    {
        Cores = cores ?? CoresUsual,
        MemoryMiB = memory ?? (cores > 16 ? 256 : 64),
        BootParameters = $"live={LivePeriodMilliseconds} {boot}".TrimEnd(),
    };

    private static int RunKernel(Repository repository, VmSettings settings, TimeSpan? time)
    {
        IRunDisplay display = Console.IsOutputRedirected ? new PlainDisplay() : new TableDisplay();
        return new RunSession(settings, display, new RunLog(repository)).Run(time);
    }

    private static int RunSystem(Repository repository, VmSettings settings, TimeSpan? time)
    {
        foreach (string line in SystemBoot.Reached(settings.Network))
        {
            Console.WriteLine(line);
        }

        return new SystemSession(settings, repository.In("artifacts", "programs"), new RunLog(repository)).Run(time);
    }
}
