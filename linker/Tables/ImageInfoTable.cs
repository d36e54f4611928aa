using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Tables;

/// <summary>What the linker tells the kernel about the image: <see cref="ImageInfo"/>. The build id is stamped in
/// last.</summary>
public sealed class ImageInfoTable(LinkImage image) : Fragment
{
    /// <summary>Symbol of the table.</summary>
    public const string Symbol = SymbolNames.ImageInfo;

    /// <summary>Offset of the build id.</summary>
    public static readonly int IdOffset = (int)Marshal.OffsetOf<ImageInfo>(nameof(ImageInfo.BuildId));

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.ReadOnly;

    /// <inheritdoc/>
    public override int SizeBytes => ImageInfo.SizeBytes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [ApStartCode.Symbol, UnwindTable.Symbol];

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public override byte[] Emit(IFragmentContext context)
    {
        OutputSegments segments = image.Segments;
        ImageInfo info = new()
        {
            Magic = ImageInfo.MagicValue,
            Version = ImageInfo.VersionValue,
            UnwindRowCount = (uint)image.UnwindEntries.Count,
            TextStart = segments.Text.Address,
            TextEnd = segments.Text.EndAddress,
            ReadOnlyStart = segments.ReadOnly.Address,
            ReadOnlyEnd = segments.ReadOnly.EndAddress,
            DataStart = segments.Data.Address,
            DataEnd = segments.Data.EndAddress,
            DataFileBytes = (ulong)segments.Data.Content.Length,
            BootSegmentEnd = segments.BootData.EndAddress,
            ApStartCode = context.AddressOf(ApStartCode.Symbol),
            ApStartCodeBytes = image.Symbols.Find(ApStartCode.Symbol)!.ExtentBytes,
            UnwindTable = context.AddressOf(UnwindTable.Symbol),
            BootCodeBytes = (uint)(segments.BootCode.EndAddress - segments.BootCode.Address),
        };

        byte[] bytes = new byte[ImageInfo.SizeBytes];
        MemoryMarshal.Write(bytes, in info);
        return bytes;
    }
}
