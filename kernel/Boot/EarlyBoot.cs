using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Coordinator;
using Atoll.Firmware;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Mm;
using Atoll.Provision;
using Atoll.Root;

namespace Atoll.Boot;

/// <summary>The boot processor before it has an instance: reads what the loader left, builds the first instance, enters it.</summary>
public static unsafe class EarlyBoot
{
    /// <summary>Runs on the boot tables and the boot stack. Never returns.</summary>
    /// <param name="state">The zeroed boot state block: only traps need it.</param>
    /// <param name="startInfo">Physical address from the loader. Untrusted.</param>
    /// <param name="entryTsc">TSC at the first instruction.</param>
    public static void Run<TProfile>(ref InstanceState state, ulong startInfo, ulong entryTsc)
        where TProfile : unmanaged, IProfile
    {
        state.Map = InstanceMap.OfImage(default(InstancePlan));
        LegacyInterruptController.MaskAll();
        Uart.Initialize();
        SerialConsole.Line("Atoll, a multikernel"u8);
        ref readonly ImageInfo image = ref Cpu.Image();
        Check.That(image.Magic == ImageInfo.MagicValue && image.Version == ImageInfo.VersionValue);
        BootReport.Image(in image);
        BootReport.Phase("entry"u8);
        CoreList cores = default;
        Enter<TProfile>(ref cores, startInfo, entryTsc);
    }

    // A frame of its own: the list of cores does not fit beside the pool.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Enter<TProfile>(ref CoreList cores, ulong startInfo, ulong entryTsc)
        where TProfile : unmanaged, IProfile
    {
        ref readonly ImageInfo image = ref Cpu.Image();
        IdentityMemory memory = default;
        FramePool pool = default;
        FirmwareMapResult map = FirmwareMap.Read(ref memory, startInfo, in image, out StartInfo info, ref pool, out ulong usableBytes);
        if (map != FirmwareMapResult.Read)
        {
            TableFailure.Stop(map);
        }

        BundlePlace bundle = FindBundle(ref memory, in info);
        TProfile profile = default;
        ReadParameters(ref memory, in info, out BootParameters parameters, ref profile);
        BootReport.Phase("memory"u8);

        LocalApic apic = LocalApic.Enable();
        uint bootApicId = apic.ReadId().Value;
        AcpiResult acpi = AcpiCores.Find(ref memory, info.Rsdp, bootApicId, apic.HighestId.Value, ref cores, out ulong ioApic);
        if (acpi != AcpiResult.Found)
        {
            TableFailure.Stop(acpi);
        }

        if (cores.Omitted != 0)
        {
            SerialConsole.Decimal((ulong)cores.Omitted);
            SerialConsole.Line(" cores get no instance: this build knows no more (Limits.InstanceCountMax)"u8);
        }

        if (parameters.CoresMax != 0)
        {
            cores.Truncate((int)parameters.CoresMax);
        }

        ReadOnlySpan<byte> contradiction = profile.Contradiction((uint)cores.Count);
        if (contradiction.Length != 0)
        {
            BootFailure.Stop(contradiction, "boot-parameter"u8);
        }

        InstancePlan plan = InstancePlan.Coordinator(in image, (uint)cores.Count, CoordinatorPages<TProfile>.BytesFor((uint)cores.Count), StartTables.PageCount);
        plan.IoApic = bundle.Base == 0 ? 0 : ioApic;
        if (pool.Take(plan.PageCount, IdentityMemory.Limit, out plan.Base) != FramePoolResult.Done)
        {
            BootFailure.StopForMemory(0, usableBytes);
        }

        Build(ref memory, in plan, bootApicId);
        ref CoordinatorPages<TProfile> pages = ref memory.At<CoordinatorPages<TProfile>>(plan.AddressOf(PageKind.Coordinator));
        pages.Profile = profile;
        ref CoordinatorState coordinator = ref pages.State;
        coordinator.Parameters = parameters;
        coordinator.Bundle = bundle;
        coordinator.Pool = pool;
        coordinator.Cores = cores;
        ref InstanceEntry first = ref memory.At<InstanceEntry>(plan.AddressOf(PageKind.Coordinator) + CoordinatorPages<TProfile>.InstancesOffset);
        first.Plan = plan;
        first.Incarnation = 1;
        coordinator.StartTables = plan.AddressOf(PageKind.StartTables);
        coordinator.UsableBytes = usableBytes;
        coordinator.Devices = DeviceMemory.Above(FirmwareMap.MemoryEnd(ref memory, in info), ioApic);
        if (bundle.Base != 0 && coordinator.Devices.End != 0)
        {
            RemappingReport.Say(RemappingUnit.Find(ref memory, info.Rsdp, out coordinator.Devices.Remapping));
        }

        BootReport.Phase("tables"u8);
        Cpu.EnterInstance(plan.AddressOf(PageKind.Pml4), entryTsc);
    }

    private static BundlePlace FindBundle(ref IdentityMemory memory, in StartInfo info)
    {
        BundlePlace place = default;
        BundleResult result = BundleResult.NoModule;
        if (info.ModuleCount != 0 && memory.TryView(info.ModuleList, ModuleEntry.SizeBytes, out ReadOnlySpan<byte> modules))
        {
            ModuleEntry first = Bytes.Read<ModuleEntry>(modules, 0);
            result = BundleIndex.Find(ref memory, first.Address, first.Length, out place);
        }

        if (result is not (BundleResult.Found or BundleResult.NoModule))
        {
            TableFailure.Stop(result);
        }

        return place;
    }

    private static void ReadParameters<TProfile>(
        ref IdentityMemory memory, in StartInfo info, out BootParameters parameters, ref TProfile profile)
        where TProfile : unmanaged, IProfile
    {
        ReadOnlySpan<byte> line = default;
        if (info.CommandLine != 0)
        {
            if (!memory.TryView(info.CommandLine, Limits.CommandLineBytesMax, out line))
            {
                BootFailure.Stop("the command line lies outside the first 4 GiB"u8, "boot-parameter"u8);
            }

            int end = Ascii.IndexOf(line, 0);
            if (end < 0)
            {
                BootFailure.Stop("the command line is longer than 1023 bytes"u8, "boot-parameter"u8);
            }

            line = line.Slice(0, end);
        }

        ParameterResult result = BootParameterDecoder.Decode(line, out parameters, ref profile, out ReadOnlySpan<byte> badWord);
        if (result != ParameterResult.Decoded)
        {
            TableFailure.Stop(result, badWord);
        }
    }

    private static void Build(ref IdentityMemory memory, in InstancePlan plan, uint apicId)
    {
        InstanceBuilder.Build(ref memory, in plan, in Cpu.Image());
        StartTables.Build(ref memory, plan.AddressOf(PageKind.StartTables), in Cpu.Image());

        ref InstanceState first = ref memory.At<InstanceState>(plan.AddressOf(PageKind.State));
        first.SchemaVersion = InstanceState.SchemaVersionValue;
        first.Role = InstanceRole.Coordinator;
        first.ApicId = apicId;
        first.Incarnation = 1;
        first.PrivateBase = plan.Base;
        first.PrivatePages = plan.PageCount;
        first.Map = InstanceMap.OfImage(in plan);
    }
}
