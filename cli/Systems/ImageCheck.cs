using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>Whether the programs of a system are there, and can be used.</summary>
public static class ImageCheck
{
    /// <summary>Reports programs that services/ does not have.</summary>
    public static void ReportUnknown(SystemDescription description, IReadOnlyCollection<string> known, DiagnosticBag findings)
    {
        foreach (ProgramDescription program in description.Programs.Where(program => !known.Contains(program.Image.Value)))
        {
            findings.Report(
                DescriptionDiagnostics.ProgramImageUnknown,
                $"There is no program '{program.Image.Value}' in services/{Nearest.Of(program.Image.Value, known)}",
                source: program.Image.Place);
        }
    }

    /// <summary>Reads an image that was built.</summary>
    /// <param name="description">The system that uses it.</param>
    /// <param name="name">Name of the program.</param>
    /// <param name="path">The image.</param>
    /// <param name="manifestFile">The manifest that people write, for messages.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>Null after a finding.</returns>
    public static ProgramImage? Read(SystemDescription description, string name, string path, string manifestFile, DiagnosticBag findings)
    {
        string why;
        try
        {
            ProgramImage? image = ProgramImage.Read(File.ReadAllBytes(path), manifestFile, out why);
            if (image?.Manifest.Name == name)
            {
                return image;
            }

            why = image is null ? why : $"its manifest has the name '{image.Manifest.Name}'";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            why = exception.Message;
        }

        SourceLine place = description.Programs.FirstOrDefault(program => program.Image.Value == name)?.Image.Place ?? description.Place;
        findings.Report(DescriptionDiagnostics.ProgramImageBroken, $"The image of '{name}' cannot be used: {why.TrimEnd('.')}.", source: place);
        return null;
    }
}
