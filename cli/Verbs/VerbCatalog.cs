using System.CommandLine;
using System.CommandLine.Help;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary>Every verb there is.</summary>
public static class VerbCatalog
{
    /// <summary>Creates the command line's root.</summary>
    public static Command Create(Repository repository)
    {
        // Not a RootCommand: that one is called after its assembly, which nobody types.
        var root = new Command(Repository.Script, "Atoll, a multikernel in C#: build, run, test, measure.")
        {
            RunVerb.Create(repository),
            TestVerb.Create(repository),
            VmVerb.Create(repository),
            BenchVerb.Create(repository),
            ImageVerb.Create(repository),
            PackVerb.Create(repository),
            NewVerb.Create(repository),
            DoctorVerb.Create(repository),
            CleanVerb.Create(repository),
        };
        root.Options.Add(new HelpOption());
        return root;
    }
}
