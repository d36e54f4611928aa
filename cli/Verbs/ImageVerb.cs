using System.CommandLine;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;

namespace Atoll.Cli.Verbs;

/// <summary><c>image</c>: builds the kernel image. <c>image inspect</c>: tells what is in it.</summary>
public static class ImageVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var inspect = new Command("inspect", "Tell what is in the image: segments, sizes, build id, instructions that lock.");
        inspect.SetAction(_ => Inspect(repository));
        var command = new Command("image", "Build the kernel image, artifacts/atoll.elf.") { inspect };
        command.SetAction(_ =>
        {
            new ImageBuild(repository).Run();
            Console.WriteLine(Repository.ImageFromRoot);
            return 0;
        });
        return command;
    }

    private static int Inspect(Repository repository)
    {
        new ImageBuild(repository).Run();
        var diagnostics = new DiagnosticBag();
        ImageReport report = ImageInspector.Inspect(File.ReadAllBytes(repository.Image), Repository.ImageFromRoot, diagnostics)
            ?? throw new UserException(string.Join('\n', diagnostics.Found));
        foreach (string line in ImageDescription.Lines(report))
        {
            Console.WriteLine(line);
        }

        return 0;
    }
}
