namespace Atoll.Linker.Model;

/// <summary>The six segments of an image.</summary>
public sealed class OutputSegments
{
    /// <summary>Boot segment, executable.</summary>
    public OutputSegment BootCode { get; } = new("boot-text", SegmentAccess.Execute);

    /// <summary>Boot segment, read-only.</summary>
    public OutputSegment BootReadOnly { get; } = new("boot-rodata", SegmentAccess.Read);

    /// <summary>Boot segment, writable.</summary>
    public OutputSegment BootData { get; } = new("boot-data", SegmentAccess.Write);

    /// <summary>Text.</summary>
    public OutputSegment Text { get; } = new("text", SegmentAccess.Execute);

    /// <summary>Read-only data.</summary>
    public OutputSegment ReadOnly { get; } = new("rodata", SegmentAccess.Read);

    /// <summary>Data, pristine.</summary>
    public OutputSegment Data { get; } = new("data", SegmentAccess.Write);

    /// <summary>All, in order of address.</summary>
    public IReadOnlyList<OutputSegment> All => [BootCode, BootReadOnly, BootData, Text, ReadOnly, Data];

    /// <summary>The segments that lie where the kernel image is mapped.</summary>
    public IReadOnlyList<OutputSegment> High => [Text, ReadOnly, Data];

    /// <summary>The segments that are gone once the first instance runs.</summary>
    public IReadOnlyList<OutputSegment> Boot => [BootCode, BootReadOnly, BootData];

    /// <summary>The segment of a place.</summary>
    public OutputSegment this[FragmentPlace place] => place switch
    {
        FragmentPlace.BootCode => BootCode,
        FragmentPlace.BootReadOnly => BootReadOnly,
        FragmentPlace.BootData or FragmentPlace.BootZero => BootData,
        FragmentPlace.Text => Text,
        FragmentPlace.ReadOnly => ReadOnly,
        _ => Data,
    };
}
