using System.CommandLine;
using System.Text.Json;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inputs;
using Atoll.Linker.Manifests;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Toml;

namespace Atoll.Linker;

/// <summary>The linker as a program: files in, a proved image and its map out, findings on standard error.</summary>
public static class CommandLine
{
    private const int Linked = 0;
    private const int NotLinked = 1;

    /// <summary>What a program gets that asks for nothing else: four pages.</summary>
    private const uint DefaultStackBytes = 4 * (uint)Abi.ImageLayout.PageSizeBytes;

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Parses the arguments and links.</summary>
    /// <param name="arguments">As the shell gives them.</param>
    /// <param name="output">Takes the summary.</param>
    /// <param name="errors">Takes the findings.</param>
    /// <returns>0 only when image and map were written.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        Argument<string[]> objects = new("objects")
        {
            Description = "Object files of ilc, in the order of their code in the image.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> image = new("--output") { Description = "The image (ELF64, PVH).", Required = true };
        Option<string> map = new("--map") { Description = "The map: addresses, names, source lines.", Required = true };
        Option<string> proof = new("--proof") { Description = "The proof report (JSON); beside the image if not given." };
        Option<bool> json = new("--json") { Description = "Writes the image's sizes to standard output." };
        Option<string> program = new("--program") { Description = "Makes a program of this name, for ring 3, and no kernel." };
        Option<string> manifest = new("--manifest") { Description = "Makes the program that this program.toml describes." };
        Option<uint> stack = new("--stack")
        {
            Description = "Bytes of stack of a program, whole pages.",
            DefaultValueFactory = _ => DefaultStackBytes,
        };
        InputOptions inputs = new();
        RootCommand command = new("Links compiled C# and the linker's own trampolines into an Atoll image.")
        {
            objects, image, map, proof, json, manifest, program, stack, BundleCommand.Create(errors),
        };
        foreach (Option option in inputs.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            DiagnosticBag findings = new();
            string imagePath = parsed.GetRequiredValue(image);
            string proofPath = parsed.GetValue(proof) ?? ImageOutput.ProofPathOf(imagePath);
            ImageOutput files = new(imagePath, parsed.GetRequiredValue(map), proofPath);
            ProgramRequest? request = parsed.GetValue(manifest) is { } path ? ReadManifest(path, imagePath, findings)
                : parsed.GetValue(program) is { } name ? new(name, parsed.GetValue(stack))
                : null;
            IReadOnlyList<BuildInput> madeWith = inputs.Read(parsed, findings);
            ImageSizes? sizes = findings.HasAny
                ? null
                : LinkFiles(parsed.GetRequiredValue(objects), request, madeWith, files, findings);
            foreach (Diagnostic finding in findings.Found)
            {
                errors.WriteLine(finding);
            }

            if (sizes is not null && parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(sizes, s_json));
            }

            return sizes is null ? NotLinked : Linked;
        });
        return command.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = errors });
    }

    /// <summary>Returns what a manifest asks for; null after a finding.</summary>
    private static ProgramRequest? ReadManifest(string path, string imagePath, DiagnosticBag findings)
    {
        ProgramRequest? request = TomlFile.Load(path, path, findings) is { } root ? ManifestFile.Read(root, findings) : null;
        string expected = Path.GetFileNameWithoutExtension(imagePath);
        if (request is not null && request.Name != expected)
        {
            findings.Report(
                DescriptionDiagnostics.OtherFileName,
                $"The program is called '{request.Name}', and its image '{expected}'.",
                source: new SourceLine(path, 1, 1));
        }

        return request;
    }

    /// <summary>Returns sizes when image and map were written, else null and at least one finding.</summary>
    private static ImageSizes? LinkFiles(
        string[] objects,
        ProgramRequest? program,
        IReadOnlyList<BuildInput> madeWith,
        ImageOutput files,
        DiagnosticBag findings)
    {
        if (program?.Complaint is { } complaint)
        {
            findings.Report(DiagnosticCatalogue.BadRequest, $"The program cannot be made: {complaint}.");
            return null;
        }

        List<LinkInput> inputs = ReadAll(objects, findings);
        if (findings.HasAny)
        {
            return null;
        }

        LinkProfile profile = program is null ? KernelProfile.Instance : ProgramProfile.Of(program);
        LinkResult result = Link.Run(new LinkRequest { Objects = inputs, Profile = profile, Inputs = madeWith });
        findings.AddRange(result.Diagnostics);
        return result is { Image: { } image, Map: { } map } && files.Write(image, map, findings) is not null
            ? result.Sizes
            : null;
    }

    private static List<LinkInput> ReadAll(string[] objects, DiagnosticBag findings)
    {
        List<LinkInput> inputs = [];
        foreach (string path in objects)
        {
            try
            {
                inputs.Add(new LinkInput(Path.GetFileName(path), File.ReadAllBytes(path)));
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                findings.Report(DiagnosticCatalogue.UnreadableInput, exception.Message, referrer: path);
            }
        }

        return inputs;
    }
}
