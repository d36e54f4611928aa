using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Reads the objects' line tables, for diagnostics, the map and the image's own debug information.</summary>
public static class ReadSourceLines
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (InputObject input in image.Objects)
        {
            if (input.File.FindSection(DebugSectionNames.Line) is not { } section)
            {
                continue;
            }

            if (LineProgramReader.Read(section.Content, out string why) is not { } units)
            {
                image.Diagnostics.Report(
                    DiagnosticCatalogue.MalformedLines,
                    $"'{input.Name}' has a line table with {why}.",
                    section.Name,
                    input.Name);
                continue;
            }

            input.Lines = ObjectLines.Of(input, section, units);
        }
    }
}
