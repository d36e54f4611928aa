using System.CommandLine;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>image</c>: builds the kernel image.</summary>
public static class ImageVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var command = new Command("image", "Build the kernel image, artifacts/atoll.elf.");
        command.SetAction(_ =>
        {
            new ImageBuild(repository).Run();
            Console.WriteLine(Repository.ImageFromRoot);
            return 0;
        });
        return command;
    }
}
