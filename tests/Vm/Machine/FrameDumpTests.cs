using System.Buffers.Binary;
using Atoll.TestVm.Machine;

namespace Atoll.Vm.Tests.Machine;

/// <summary>What QEMU has written down of a network is read as pcap files are (draft-ietf-opsawg-pcap, "General File Structure").</summary>
public sealed class FrameDumpTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(61, 1)]
    [InlineData(76, 1)]
    [InlineData(77, 0)]
    public void Frames_AreThoseThatAreWhole(int missing, int frames)
    {
        byte[] file = new byte[24 + 16 + 60 + 16 + 60];
        foreach (int at in (int[])[24, 24 + 76])
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), 60);
        }

        byte[] guest = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
        guest.CopyTo(file, 24 + 16 + 6);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file[..^missing]);
            IReadOnlyList<byte[]> read = FrameDump.ReadAll(path);
            Assert.Equal(frames, read.Count);
            Assert.Equal(frames > 0 ? 1 : 0, read.Count(FrameDump.IsFromGuest));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
