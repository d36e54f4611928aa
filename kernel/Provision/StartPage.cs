using System;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Provision;

/// <summary>The page below 1 MiB in which a core begins: the linker's start code, and what the one core to start is to do.</summary>
public static unsafe class StartPage
{
    /// <summary>Copies the start code there.</summary>
    public static void Prepare<[AllowLinear] TMemory>(ref TMemory memory, in ImageInfo image)
        where TMemory : struct, IPhysicalMemory
    {
        Check.That(image.ApStartCodeBytes <= ImageLayout.ApStartParametersOffset);
        Page* page = memory.Open(ImageLayout.ApStartPage);
        Page.Clear(page);
        Page.Copy(page, StartCode(in image));
    }

    /// <summary>What the next core to start finds. Good until another page is opened for writing.</summary>
    public static ref ApStartParameters Parameters<[AllowLinear] TMemory>(ref TMemory memory)
        where TMemory : struct, IPhysicalMemory =>
        ref Page.At<ApStartParameters>(memory.Open(ImageLayout.ApStartPage), ImageLayout.ApStartParametersOffset);

    [Trusted(Safety = "The linker lays so many bytes out in read-only data.")]
    private static ReadOnlySpan<byte> StartCode(in ImageInfo image) =>
        new((void*)image.ApStartCode, (int)image.ApStartCodeBytes);
}
