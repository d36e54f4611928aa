using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Reads the object files.</summary>
public static class ReadObjects
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (LinkInput input in image.Request.Objects)
        {
            if (ElfReader.Read(input.Bytes, input.Name, image.Diagnostics) is not { } file)
            {
                continue;
            }

            if (file.Type != ElfNative.ET_REL)
            {
                image.Diagnostics.Report(
                    DiagnosticCatalogue.WrongFileKind, $"'{input.Name}' is linked already.", referrer: input.Name);
                continue;
            }

            image.Objects.Add(new InputObject(input.Name, file, image.Symbols));
        }
    }
}
