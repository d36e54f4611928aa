using System.CommandLine;
using System.Text.Json;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;

namespace Atoll.Linker;

/// <summary>The linker as a program: files in, image and map out, findings on standard error.</summary>
public static class CommandLine
{
    private const int Linked = 0;
    private const int NotLinked = 1;

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Parses the arguments and links.</summary>
    /// <returns>0 only when image and map were written.</returns>
    public static int Run(string[] arguments)
    {
        Argument<string[]> objects = new("objects")
        {
            Description = "Object files of ilc, in the order of their code in the image.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--output") { Description = "The image (ELF64, PVH).", Required = true };
        Option<string> map = new("--map") { Description = "The map: addresses, names, source lines.", Required = true };
        Option<bool> json = new("--json") { Description = "Writes the image's sizes to standard output." };
        RootCommand command = new("Links compiled C# and the linker's own trampolines into an Atoll image.")
        {
            objects, output, map, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(objects),
            parsed.GetRequiredValue(output),
            parsed.GetRequiredValue(map),
            parsed.GetValue(json)));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(string[] objects, string output, string map, bool json)
    {
        DiagnosticBag files = new();
        List<LinkInput> inputs = ReadAll(objects, files);
        LinkResult result = files.HasAny ? new LinkResult(files.Found) : Link.Run(new LinkRequest { Objects = inputs });
        if (result is { Image: { } image, Map: { } text, Sizes: { } sizes })
        {
            WriteAll(output, image, map, text, files);
            if (!files.HasAny)
            {
                Summarise(sizes, json);
                return Linked;
            }
        }

        foreach (Diagnostic diagnostic in result.Diagnostics.Concat(files.Found).Distinct())
        {
            Console.Error.WriteLine(diagnostic);
        }

        return NotLinked;
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
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                findings.Report(DiagnosticCatalogue.UnreadableInput, exception.Message, referrer: path);
            }
        }

        return inputs;
    }

    private static void WriteAll(string output, byte[] image, string map, string text, DiagnosticBag findings)
    {
        try
        {
            AtomicFile.Write(map, System.Text.Encoding.UTF8.GetBytes(text));
            AtomicFile.Write(output, image);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Report(DiagnosticCatalogue.UnwritableOutput, exception.Message, referrer: output);
        }
    }

    private static void Summarise(ImageSizes sizes, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(sizes, s_json));
        }
    }
}
