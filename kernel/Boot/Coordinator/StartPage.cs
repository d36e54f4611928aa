using Atoll.Abi;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Boot;

/// <summary>The page below 1 MiB in which a core begins: the linker's start code, and what the one core to start is to do.</summary>
public static unsafe class StartPage
{
    /// <summary>Copies the start code there.</summary>
    public static void Prepare<TMemory>(ref TMemory memory, in ImageInfo image)
        where TMemory : struct, IPhysicalMemory
    {
        Check.That(image.ApStartCodeBytes <= ImageLayout.ApStartParametersOffset);
        byte* page = memory.Open(ImageLayout.ApStartPage);
        Page.Clear(page);
        Page.Copy(page, (byte*)image.ApStartCode, image.ApStartCodeBytes);
    }

    /// <summary>Sets what the next core to start finds.</summary>
    public static void Set<TMemory>(ref TMemory memory, in ApStartParameters parameters)
        where TMemory : struct, IPhysicalMemory
    {
        byte* page = memory.Open(ImageLayout.ApStartPage);
        *(ApStartParameters*)(page + ImageLayout.ApStartParametersOffset) = parameters;
    }
}
