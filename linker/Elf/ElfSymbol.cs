namespace Atoll.Linker.Elf;

/// <summary>One symbol.</summary>
/// <param name="Name">Name; empty for section symbols.</param>
/// <param name="Value">Offset in the section in objects, address in images.</param>
/// <param name="SizeBytes">Size; ILC gives data symbols none.</param>
/// <param name="Binding">STB_…</param>
/// <param name="Type">STT_…</param>
/// <param name="SectionIndex">Section, or SHN_UNDEF, SHN_ABS, SHN_COMMON.</param>
/// <param name="Visibility">STV_…: ILC hides its own names and shows those of RuntimeExport.</param>
public sealed record ElfSymbol(
    string Name, ulong Value, ulong SizeBytes, byte Binding, byte Type, ushort SectionIndex,
    byte Visibility = ElfNative.STV_DEFAULT)
{
    /// <summary>The null symbol that every table begins with.</summary>
    public static ElfSymbol Null { get; } = new(
        "", 0, 0, ElfNative.STB_LOCAL, ElfNative.STT_NOTYPE, ElfNative.SHN_UNDEF);

    /// <summary>Whether the symbol lies in a section of its own file.</summary>
    public bool IsDefinedInSection => SectionIndex is not ElfNative.SHN_UNDEF and < ElfNative.SHN_LORESERVE;
}
