using System.CommandLine;
using Atoll.Cli.Running;
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
    private const string GdbAddress = ":1234";

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        Option<int?> cores = CheckedOption.Cores();
        Option<int?> memory = CheckedOption.Memory();
        Option<TimeSpan?> time = CheckedOption.Seconds("--for", "End by itself after this time.");
        var boot = new Option<string?>("--boot")
        {
            Description = "Boot parameters as docs/serial.md lists them, in quotes: --boot \"report=pages workload=matrix\".",
            HelpName = "PARAMETERS",
        };
        var trials = new Option<bool>("--trials") { Description = "Boot the image for tests, which knows faults and deaths on demand." };
        var icount = new Option<bool>("--icount") { Description = "Count instructions instead of time." };
        var gdb = new Option<bool>("--gdb") { Description = "Wait for GDB before the first instruction." };
        var command = new Command("run", "Boot Atoll and watch it. 'q' ends.") { cores, memory, time, boot, trials, icount, gdb };
        command.SetAction(parsed =>
        {
            Emulator.Require();
            bool isTrial = parsed.GetValue(trials);
            (isTrial ? ImageBuild.Trials(repository) : ImageBuild.Product(repository)).Run();
            string image = isTrial ? Repository.TrialImageFromRoot : Repository.ImageFromRoot;
            var settings = new VmSettings
            {
                ImagePath = image,
                Cores = parsed.GetValue(cores) ?? CoresUsual,
                MemoryMiB = parsed.GetValue(memory) ?? (parsed.GetValue(cores) > 16 ? 256 : 64),
                Icount = parsed.GetValue(icount),
                GdbAddress = parsed.GetValue(gdb) ? GdbAddress : null,
                BootParameters = $"live={LivePeriodMilliseconds} {parsed.GetValue(boot)}".TrimEnd(),
                TimeLimit = Timeout.InfiniteTimeSpan,
            };
            if (settings.GdbAddress is { } address)
            {
                SystemPackages.TryInstall([GdbBatch.Package]);
                Progress.Say($"waiting for: {GdbBatch.CommandLine(image, address)}");
            }

            IRunDisplay display = Console.IsOutputRedirected ? new PlainDisplay() : new TableDisplay();
            return new RunSession(settings, display, new RunLog(repository)).Run(parsed.GetValue(time));
        });
        return command;
    }
}
