using Atoll.Linker.Elf;
using Atoll.Linker.Inputs;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Writes the note of inputs: with which tools and packages the image was made.</summary>
public static class EmitInputs
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        if (image.Request.Inputs.Count > 0)
        {
            byte[] note = InputsNote.Write(image.Request.Inputs);
            image.DebugSections.Add(new DebugSection(InputsNote.SectionName, note, ElfNative.SHT_NOTE, sizeof(uint)));
        }
    }
}
