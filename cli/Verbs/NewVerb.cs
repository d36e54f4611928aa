using System.CommandLine;
using Atoll.Cli.Systems;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>new program</c>: begins a program that the next run boots.</summary>
public static class NewVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var name = new Argument<string>("name") { Description = "What the program is called: small letters, digits, '-'." };
        var program = new Command("program", "Write services/NAME with an entry and a manifest, and systems/NAME.toml.") { name };
        program.SetAction(parsed =>
        {
            var begun = new NewProgram(repository, parsed.GetRequiredValue(name));
            begun.Write();
            foreach ((string path, _) in begun.Files)
            {
                Console.WriteLine(path);
            }

            Console.WriteLine($"{NewProgram.Layers} (a line more)");
            Console.WriteLine($"{Repository.Script} run --system {parsed.GetRequiredValue(name)}");
            return 0;
        });
        return new Command("new", "Begin something of your own.") { program };
    }
}
