using System.CommandLine;
using Atoll.Cli.Systems;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;
using Atoll.Linker.Proof;

namespace Atoll.Cli.Verbs;

/// <summary><c>image</c>: builds the kernel image. <c>image inspect</c>: tells what is in it.</summary>
public static class ImageVerb
{
    // ELF, "ELF Identification": the first four bytes of every such file.
    private static ReadOnlySpan<byte> ElfMagic => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var file = new Argument<string?>("file")
        {
            Description = "Another image, a program for example; the kernel's if not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var system = new Option<string?>("--system")
        {
            Description = "Tell of a system of systems/: who holds what, and why something optional was not given.",
            HelpName = "NAME",
        };
        var inspect = new Command("inspect", "Tell what is in an image: segments, sizes, notes, inputs, proof, trampolines.") { file, system, json };
        inspect.Validators.Add(result =>
        {
            if (result.GetValue(file) is not null && result.GetValue(system) is not null)
            {
                result.AddError("'image inspect' takes a file or --system, not both");
            }
        });
        inspect.SetAction(parsed => parsed.GetValue(system) is { } name
            ? InspectSystem(repository, name, parsed.GetValue(json))
            : Inspect(repository, parsed.GetValue(file), parsed.GetValue(json)));
        var command = new Command("image", "Build the kernel image, artifacts/atoll.elf.") { inspect };
        command.SetAction(_ =>
        {
            ImageBuild.Product(repository).Run();
            Console.WriteLine(File.ReadLines(repository.ProofSummary).First());
            Console.WriteLine(Repository.ImageFromRoot);
            return 0;
        });
        return command;
    }

    private static int Inspect(Repository repository, string? file, bool isJson)
    {
        if (file is null)
        {
            ImageBuild.Product(repository).Run();
        }

        (byte[] bytes, string name) = file is null ? (File.ReadAllBytes(repository.Image), Repository.ImageFromRoot) : Read(repository, file);
        var findings = new DiagnosticBag();
        if (ImageInspector.Inspect(bytes, name, findings) is not { } report
            || ImageProof.Run(bytes, Path.GetFileName(name), findings) is not { } proof)
        {
            throw new UserException(string.Join('\n', findings.Found));
        }

        foreach (string line in isJson ? [ImageJson.Of(report, proof)] : ImageDescription.Lines(report, proof))
        {
            Console.WriteLine(line);
        }

        return proof.Holds ? 0 : throw new UserException(string.Join('\n', findings.Found));
    }

    private static int InspectSystem(Repository repository, string name, bool isJson)
    {
        var build = new SystemBuild(repository, name);
        SystemPlan plan = build.Run();
        long bytes = new FileInfo(build.BundleFromRoot).Length;
        foreach (string line in isJson ? [SystemJson.Of(plan, build.BundleFromRoot, bytes)] : SystemText.Lines(plan, build.BundleFromRoot, bytes))
        {
            Console.WriteLine(line);
        }

        return 0;
    }

    private static (byte[] Bytes, string Name) Read(Repository repository, string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(repository.FromCaller(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException(exception.Message);
        }

        return bytes.AsSpan().StartsWith(ElfMagic)
            ? (bytes, path)
            : throw new UserException($"'{path}' is no ELF file: 'image inspect' takes an image that this linker made, {Repository.ImageFromRoot} for one");
    }
}
