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
    private const int LivePeriodMilliseconds = 500;
    private const string GdbAddress = ":1234";

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var cores = new Option<int>("--cores") { Description = "Virtual cores.", DefaultValueFactory = _ => 4 };
        var seconds = new Option<double?>("--for") { Description = "End by itself after this many seconds.", HelpName = "SECONDS" };
        var icount = new Option<bool>("--icount") { Description = "Count instructions instead of time." };
        var gdb = new Option<bool>("--gdb") { Description = "Wait for GDB before the first instruction." };
        var command = new Command("run", "Boot Atoll and watch it. 'q' ends.") { cores, seconds, icount, gdb };
        command.SetAction(parsed =>
        {
            Emulator.Require();
            new ImageBuild(repository).Run();
            var settings = new VmSettings
            {
                ImagePath = Repository.ImageFromRoot,
                Cores = parsed.GetValue(cores),
                MemoryMiB = parsed.GetValue(cores) > 16 ? 256 : 64,
                Icount = parsed.GetValue(icount),
                GdbAddress = parsed.GetValue(gdb) ? GdbAddress : null,
                BootParameters = $"live={LivePeriodMilliseconds}",
                TimeLimit = Timeout.InfiniteTimeSpan,
            };
            if (settings.GdbAddress is { } address)
            {
                SystemPackages.TryInstall([GdbBatch.Package]);
                Progress.Say($"waiting for: {GdbBatch.CommandLine(Repository.ImageFromRoot, address)}");
            }

            IRunDisplay display = Console.IsOutputRedirected ? new PlainDisplay() : new TableDisplay();
            return new RunSession(settings, display).Run(parsed.GetValue(seconds) is double limit ? TimeSpan.FromSeconds(limit) : null);
        });
        return command;
    }
}
