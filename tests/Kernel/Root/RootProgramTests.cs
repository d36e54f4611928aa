using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Root;
using Atoll.Syscall;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Root;

/// <summary>The first program, from a grant (docs/programs.md, "The first program"; RootSlot; System V ABI, "Program Header").</summary>
public sealed unsafe class RootProgramTests : IDisposable
{
    private const ulong GrantBytes = 4 << 20;
    private const ulong Entry = 0x40_0010;
    private const ulong KernelEntry = 0x1234_5023;

    // p_filesz of the second program header.
    private const int DataFileBytes = 64 + 56 + 32;

    private readonly byte* _grant = (byte*)NativeMemory.AlignedAlloc((nuint)GrantBytes, 2 << 20);
    private readonly Microkernel* _kernel = (Microkernel*)NativeMemory.AllocZeroed((nuint)sizeof(Microkernel));
    private readonly ProgramCore _core = new() { PageTables = 0x7000 };
    private readonly IDisposable _scope;
    private DeviceMemory _devices;

    public RootProgramTests()
    {
        _scope = _core.Use();
        new Span<byte>(_grant, (int)GrantBytes).Fill(0xDB);
        _kernel->TscHz = 1_000_000_000;
        _kernel->Core = 3;
    }

    public void Dispose()
    {
        _scope.Dispose();
        NativeMemory.AlignedFree(_grant);
        NativeMemory.Free(_kernel);
    }

    [Fact]
    public void FirstProgram_IsReadyAtItsEntry_WithTheHighestAuthority()
    {
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));

        ref Atoll.Cap.Thread thread = ref Slot(in grant, RootSlot.Thread).Thread.Value;
        Assert.Equal((ThreadState.Ready, (byte)250, (byte)255), (thread.State, thread.Priority, thread.PriorityMax));
        Assert.Equal((Entry, 0x30_0000UL), (thread.Context.Rip, thread.Context.Rsp));
        Assert.Equal(10_000_000UL, thread.SchedulingContext.Value.Budget);
        Assert.False(thread.SchedulingContext.Value.IsLimited);
        Assert.Equal(BootInformation.BufferAddress, thread.BufferAddress);
        Assert.Equal(250, _kernel->Scheduler.Ready.Highest);
    }

    /// <summary>Intel SDM Vol. 2A, "CPUID": 80000001H, EDX bit 26. Without it a set bit 7 of a level 3 entry is a reserved one.</summary>
    [Theory]
    [InlineData(1u << 26, true)]
    [InlineData(uint.MaxValue & ~(1u << 26), false)]
    public void FramesOfOneGibibyte_AreMapped_WhereTheProcessorCan(uint features, bool expected)
    {
        GrantLayout grant = Load(File());
        _core.ExtendedFeatures = features;
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));

        Assert.Equal(expected, _kernel->Capabilities.HasHugePages);
    }

    [Fact]
    public void FirstProgram_HoldsWhatTheInstanceHas()
    {
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        (uint Slot, CapabilityType Type)[] expected =
        [
            (RootSlot.Null, CapabilityType.Null), (RootSlot.CNode, CapabilityType.CNode), (RootSlot.VSpace, CapabilityType.VSpace),
            (RootSlot.Thread, CapabilityType.Thread), (RootSlot.SchedulingContext, CapabilityType.SchedulingContext),
            (RootSlot.MessageBuffer, CapabilityType.Frame), (RootSlot.IrqControl, CapabilityType.IrqControl),
            (RootSlot.IoPortControl, CapabilityType.IoPortControl), (RootSlot.SchedulingControl, CapabilityType.SchedulingControl),
            (RootSlot.InstanceControl, CapabilityType.InstanceControl), (RootSlot.Information, CapabilityType.Frame),
        ];
        foreach ((uint slot, CapabilityType type) in expected)
        {
            Assert.Equal((slot, type), (slot, Slot(in grant, slot).Type));
        }
    }

    [Fact]
    public void AllFreeMemory_IsUntyped_InPiecesThatAreAligned_AndDoNotOverlap()
    {
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        ref BootInformation told = ref Told(in grant);
        Assert.Equal((BootInformation.MagicValue, 3u, 4u, 1_000_000_000UL), (told.Magic, told.Core, told.Cores, told.TscHz));
        ulong at = grant.Free;
        for (uint index = 0; index < told.UntypedCount; index++)
        {
            ref CapabilitySlot piece = ref Slot(in grant, told.FirstUntyped + index);
            Assert.Equal((CapabilityType.Untyped, at, told.Sizes[(int)index]), (piece.Type, piece.Object, piece.SizeBits));
            Assert.Equal(0UL, at & ((1UL << piece.SizeBits) - 1));
            at += 1UL << piece.SizeBits;
        }

        Assert.Equal(grant.End, at);
        Assert.True(Slot(in grant, told.FirstFree).IsEmpty && !Slot(in grant, told.FirstFree - 1).IsEmpty);
    }

    // 2 GiB to the I/O APIC: 1 GiB, 512, 256, 128, 64, 32, 8 and 4 MiB, each at a multiple of its size.
    [Fact]
    public void Devices_AreUntypedOutsideOfTheGrant_InPiecesUpToTheIoApic()
    {
        _devices = DeviceMemory.Above(memoryEnd: 128 << 20, ioApic: 0xFEC0_0000);
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        ref BootInformation told = ref Told(in grant);

        Assert.Equal((8u, 0x8000_0000UL, 0xFEC0_0000UL), (told.DeviceCount, told.DeviceBase, told.DeviceEnd));
        ulong at = told.DeviceBase;
        int[] bits = [30, 29, 28, 27, 26, 25, 23, 22];
        for (uint index = 0; index < told.DeviceCount; index++)
        {
            ref CapabilitySlot piece = ref Slot(in grant, told.FirstDevice + index);
            Assert.Equal((CapabilityType.Untyped, at, (byte)bits[index]), (piece.Type, piece.Object, piece.SizeBits));
            Assert.Equal(SlotFlags.Outside | SlotFlags.Device, piece.Flags);
            at += 1UL << piece.SizeBits;
        }

        Assert.Equal(told.DeviceEnd, at);
    }

    // The bundle's frames come next: the slot belongs to nobody else.
    [Fact]
    public void RemappingUnit_IsAPageOfRegistersBehindTheDevices()
    {
        _devices = DeviceMemory.Above(memoryEnd: 128 << 20, ioApic: 0xFEC0_0000);
        _devices.Remapping = 0xFED9_0000;
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        ref BootInformation told = ref Told(in grant);

        Assert.Equal((8u, 0xFED9_0000ul), (told.DeviceCount, told.Remapping));
        ref CapabilitySlot unit = ref Slot(in grant, told.FirstDevice + told.DeviceCount);
        Assert.Equal((CapabilityType.Untyped, 0xFED9_0000ul, (byte)12), (unit.Type, unit.Object, unit.SizeBits));
        Assert.Equal(SlotFlags.Outside | SlotFlags.Device, unit.Flags);
        Assert.True(told.FirstBundleFrame == 0 || told.FirstBundleFrame > told.FirstDevice + told.DeviceCount);
    }

    [Fact]
    public void WithoutDevices_NoneAreTold()
    {
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        Assert.Equal((0u, 0UL, 0UL), (Told(in grant).DeviceCount, Told(in grant).DeviceBase, Told(in grant).DeviceEnd));
        Assert.Equal(0UL, Told(in grant).Remapping);
    }

    [Fact]
    public void Segments_AreMappedWithTheirRights_WhereTheFileLies()
    {
        GrantLayout grant = Load(File());
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        List<UserPage> pages = UserPages.Of(Slot(in grant, RootSlot.VSpace).Object);

        Assert.Equal(new UserPage(0x40_0000, grant.File + 0x1000, 4096, "RX"), pages.Single(page => page.Virtual == 0x40_0000));
        Assert.Equal(new UserPage(0x50_0000, grant.File + 0x2000, 4096, "RW"), pages.Single(page => page.Virtual == 0x50_0000));
        UserPage fresh = pages.Single(page => page.Virtual == 0x50_1000);
        Assert.Equal("RW", fresh.Rights);
        Assert.Equal(-1, new Span<byte>((void*)fresh.Physical, 4096).IndexOfAnyExcept((byte)0));
        Assert.Equal("R", pages.Single(page => page.Virtual == BootInformation.Address).Rights);
        Assert.Equal("RW", pages.Single(page => page.Virtual == BootInformation.BufferAddress).Rights);
        Assert.Equal(Enumerable.Range(0, 8).Select(page => 0x30_0000UL - (8 * 4096) + ((ulong)page * 4096)),
            pages.Where(page => page.Virtual is >= 0x2F_0000 and < 0x30_0000).Select(page => page.Virtual));

        // Behind the data the file goes on; the program sees zeros.
        Assert.Equal((0x77, 0), (*(byte*)(grant.File + 0x2000), *(byte*)(grant.File + 0x2000 + 0x100)));
        Assert.Equal(KernelEntry, ((ulong*)Slot(in grant, RootSlot.VSpace).Object)[511]);
    }

    /// <summary>Whatever stands behind the data: all of it is zeroed, and nothing before.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(255)]
    public void MemoryBehindTheData_IsZeroed_FromItsFirstByteOn(byte fileBytes)
    {
        byte[] file = File();
        file[DataFileBytes] = fileBytes;
        file[DataFileBytes + 1] = 0;
        GrantLayout grant = Load(file);
        Span<byte> page = new((void*)(grant.File + 0x2000), 4096);
        page.Fill(0xEE);
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));

        Assert.Equal(-1, page[..fileBytes].IndexOfAnyExcept((byte)0xEE));
        Assert.Equal(-1, page[fileBytes..].IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Bundle_IsGivenReadOnly_PageByPage()
    {
        GrantLayout grant = Load(File());
        grant.Bundle = 0x8000_0000;
        grant.BundleBytes = (3 * 4096) + 1;
        Assert.Equal(RootResult.Ready, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        ref BootInformation told = ref Told(in grant);
        Assert.Equal((4u, grant.BundleBytes), (told.BundleFrames, told.BundleBytes));
        for (uint page = 0; page < 4; page++)
        {
            ref CapabilitySlot frame = ref Slot(in grant, told.FirstBundleFrame + page);
            Assert.Equal((CapabilityRights.Read, 0x8000_0000 + (page * 4096UL), SlotFlags.Outside),
                (frame.Rights, frame.Object, frame.Flags));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(18, 3)]
    [InlineData(24, 0)]
    [InlineData(56, 200)]
    [InlineData(64 + 4, 7)]
    [InlineData(64 + 16, 1)]
    public void FileThatIsNoProgram_IsRefused(int offset, byte value)
    {
        byte[] file = File();
        file[offset] = value;
        if (offset == 24)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), UserSpace.End);
        }

        GrantLayout grant = Load(file);
        Assert.Equal(RootResult.FileInvalid, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
    }

    [Fact]
    public void GrantThatIsTooSmall_IsRefused()
    {
        GrantLayout grant = Load(File());
        for (int look = 0; look < 16; look++)
        {
            // A smaller grant has room for fewer records.
            grant.Bytes = grant.Free - grant.Base;
        }

        Assert.Equal(RootResult.OutOfMemory, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
        grant.Bytes += GrantLayout.RootNodeBytes;
        Assert.Equal(RootResult.OutOfMemory, RootProgram.Create(ref *_kernel, in grant, 4, in _devices, KernelEntry));
    }

    private static ref CapabilitySlot Slot(ref readonly GrantLayout grant, uint index) =>
        ref CNode.Slot(RootCapabilities.SlotsAt(grant.RootNode), index).Value;

    private static ref BootInformation Told(ref readonly GrantLayout grant) =>
        ref *(BootInformation*)Slot(in grant, RootSlot.Information).Object;

    private GrantLayout Load(byte[] file)
    {
        GrantLayout grant = new() { Base = (ulong)_grant, Bytes = GrantBytes, FileBytes = (ulong)file.Length };
        file.CopyTo(new Span<byte>((void*)grant.File, file.Length));
        return grant;
    }

    // Text of one page; data of 256 bytes in the file and two pages in memory.
    private static byte[] File()
    {
        byte[] file = new byte[0x2200];
        file.AsSpan(0x2000).Fill(0x77);
        BinaryPrimitives.WriteUInt64LittleEndian(file, 0x0001_0102_464C_457F);
        Write(file, 16, 2, 2);
        Write(file, 18, 62, 2);
        Write(file, 24, Entry, 8);
        Write(file, 32, 64, 8);
        Write(file, 54, 56, 2);
        Write(file, 56, 2, 2);
        Segment(file, 64, flags: 5, offset: 0x1000, address: 0x40_0000, fileBytes: 0x1000, memoryBytes: 0x1000);
        Segment(file, 64 + 56, flags: 6, offset: 0x2000, address: 0x50_0000, fileBytes: 0x100, memoryBytes: 0x1800);
        return file;
    }

    private static void Segment(byte[] file, int at, ulong flags, ulong offset, ulong address, ulong fileBytes, ulong memoryBytes)
    {
        Write(file, at, 1, 4);
        Write(file, at + 4, flags, 4);
        Write(file, at + 8, offset, 8);
        Write(file, at + 16, address, 8);
        Write(file, at + 32, fileBytes, 8);
        Write(file, at + 40, memoryBytes, 8);
    }

    private static void Write(byte[] file, int at, ulong value, int bytes)
    {
        for (int index = 0; index < bytes; index++)
        {
            file[at + index] = (byte)(value >> (8 * index));
        }
    }
}
