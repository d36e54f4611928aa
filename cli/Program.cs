using System.CommandLine;
using Atoll.Bench;
using Atoll.Cli.Terminal;
using Atoll.Cli.Verbs;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Machine;

namespace Atoll.Cli;

/// <summary>The host program behind <c>build.sh</c> and <c>build.ps1</c>. Data goes to stdout, progress to stderr.</summary>
public static class Program
{
    /// <summary>Runs one verb. Exit code 0 only on success.</summary>
    public static int Main(string[] arguments)
    {
        Repository repository = Repository.Find();
        var root = new RootCommand("Atoll, a multikernel in C#: build, run, test, measure.")
        {
            RunVerb.Create(repository),
            TestVerb.Create(repository),
            VmVerb.Create(repository),
            BenchVerb.Create(repository),
            ImageVerb.Create(repository),
            PackVerb.Create(repository),
            DoctorVerb.Create(repository),
            CleanVerb.Create(repository),
        };

        try
        {
            return root.Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception error) when (error is UserException or VmException or BenchmarkException or IOException)
        {
            Progress.Say(error.Message);
            return 1;
        }
    }
}
