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
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var inspect = new Command("inspect", "Tell what is in the image: segments, sizes, notes, trampolines, instructions that lock.") { json };
        inspect.SetAction(parsed => Inspect(repository, parsed.GetValue(json)));
        var command = new Command("image", "Build the kernel image, artifacts/atoll.elf.") { inspect };
        command.SetAction(_ =>
        {
            new ImageBuild(repository).Run();
            Console.WriteLine(File.ReadLines(repository.ProofSummary).First());
            Console.WriteLine(Repository.ImageFromRoot);
            return 0;
        });
        return command;
    }

    private static int Inspect(Repository repository, bool isJson)
    {
        new ImageBuild(repository).Run();
        var diagnostics = new DiagnosticBag();
        ImageReport report = ImageInspector.Inspect(File.ReadAllBytes(repository.Image), Repository.ImageFromRoot, diagnostics)
            ?? throw new UserException(string.Join('\n', diagnostics.Found));
        foreach (string line in isJson ? [ImageJson.Of(report)] : ImageDescription.Lines(report))
        {
            Console.WriteLine(line);
        }

        return 0;
    }
}
