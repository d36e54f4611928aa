namespace Atoll.Linker.Dwarf;

/// <summary>Constants of DWARF in its own spelling.</summary>
/// <remarks>
/// Sources: DWARF Debugging Information Format Version 4, 7.5 "Format of Debugging Information", 7.7 "Location
/// Descriptions", 7.21 "Line Number Information" and 7.23 "Call Frame Information"; pointer encodings: Linux Standard
/// Base Core, "Exception Frames"; register numbers: psABI, "DWARF Definition".
/// </remarks>
public static class DwarfNative
{
#pragma warning disable CS1591, CA1707 // The names are the specifications', and so is their meaning.
    public const byte DW_CFA_advance_loc = 0x40;
    public const byte DW_CFA_offset = 0x80;
    public const byte DW_CFA_restore = 0xC0;
    public const byte DW_CFA_nop = 0x00;
    public const byte DW_CFA_set_loc = 0x01;
    public const byte DW_CFA_advance_loc1 = 0x02;
    public const byte DW_CFA_advance_loc2 = 0x03;
    public const byte DW_CFA_advance_loc4 = 0x04;
    public const byte DW_CFA_offset_extended = 0x05;
    public const byte DW_CFA_restore_extended = 0x06;
    public const byte DW_CFA_undefined = 0x07;
    public const byte DW_CFA_same_value = 0x08;
    public const byte DW_CFA_register = 0x09;
    public const byte DW_CFA_remember_state = 0x0A;
    public const byte DW_CFA_restore_state = 0x0B;
    public const byte DW_CFA_def_cfa = 0x0C;
    public const byte DW_CFA_def_cfa_register = 0x0D;
    public const byte DW_CFA_def_cfa_offset = 0x0E;
    public const byte DW_CFA_def_cfa_expression = 0x0F;
    public const byte DW_CFA_expression = 0x10;
    public const byte DW_CFA_offset_extended_sf = 0x11;
    public const byte DW_CFA_def_cfa_sf = 0x12;
    public const byte DW_CFA_def_cfa_offset_sf = 0x13;
    public const byte DW_CFA_val_expression = 0x16;

    public const byte DW_CHILDREN_no = 0;
    public const byte DW_CHILDREN_yes = 1;

    public const ulong DW_TAG_formal_parameter = 0x05;
    public const ulong DW_TAG_compile_unit = 0x11;
    public const ulong DW_TAG_subprogram = 0x2E;
    public const ulong DW_TAG_variable = 0x34;

    public const ulong DW_AT_location = 0x02;
    public const ulong DW_AT_low_pc = 0x11;
    public const ulong DW_AT_high_pc = 0x12;
    public const ulong DW_AT_decl_file = 0x3A;
    public const ulong DW_AT_decl_line = 0x3B;
    public const ulong DW_AT_lo_user = 0x2000;

    public const ulong DW_FORM_addr = 0x01;
    public const ulong DW_FORM_block2 = 0x03;
    public const ulong DW_FORM_block4 = 0x04;
    public const ulong DW_FORM_data2 = 0x05;
    public const ulong DW_FORM_data4 = 0x06;
    public const ulong DW_FORM_data8 = 0x07;
    public const ulong DW_FORM_string = 0x08;
    public const ulong DW_FORM_block = 0x09;
    public const ulong DW_FORM_block1 = 0x0A;
    public const ulong DW_FORM_data1 = 0x0B;
    public const ulong DW_FORM_flag = 0x0C;
    public const ulong DW_FORM_sdata = 0x0D;
    public const ulong DW_FORM_strp = 0x0E;
    public const ulong DW_FORM_udata = 0x0F;
    public const ulong DW_FORM_ref_addr = 0x10;
    public const ulong DW_FORM_ref1 = 0x11;
    public const ulong DW_FORM_ref2 = 0x12;
    public const ulong DW_FORM_ref4 = 0x13;
    public const ulong DW_FORM_ref8 = 0x14;
    public const ulong DW_FORM_ref_udata = 0x15;
    public const ulong DW_FORM_sec_offset = 0x17;
    public const ulong DW_FORM_exprloc = 0x18;
    public const ulong DW_FORM_flag_present = 0x19;
    public const ulong DW_FORM_ref_sig8 = 0x20;

    public const byte DW_OP_deref = 0x06;
    public const byte DW_OP_const8u = 0x0E;
    public const byte DW_OP_reg0 = 0x50;
    public const byte DW_OP_reg31 = 0x6F;
    public const byte DW_OP_piece = 0x93;
    public const byte DW_OP_breg7 = 0x77;

    public const byte DW_EH_PE_absptr = 0x00;
    public const byte DW_EH_PE_sdata4 = 0x0B;
    public const byte DW_EH_PE_pcrel = 0x10;

    public const byte DW_LNS_copy = 1;
    public const byte DW_LNS_advance_pc = 2;
    public const byte DW_LNS_advance_line = 3;
    public const byte DW_LNS_set_file = 4;
    public const byte DW_LNS_set_column = 5;
    public const byte DW_LNS_negate_stmt = 6;
    public const byte DW_LNS_set_basic_block = 7;
    public const byte DW_LNS_const_add_pc = 8;
    public const byte DW_LNS_fixed_advance_pc = 9;
    public const byte DW_LNS_set_prologue_end = 10;
    public const byte DW_LNS_set_epilogue_begin = 11;
    public const byte DW_LNS_set_isa = 12;
    public const byte DW_LNE_end_sequence = 1;
    public const byte DW_LNE_set_address = 2;
    public const byte DW_LNE_define_file = 3;
    public const byte DW_LNE_set_discriminator = 4;

    public const int RegisterRbx = 3;
    public const int RegisterRbp = 6;
    public const int RegisterRsp = 7;
    public const int RegisterR12 = 12;
    public const int RegisterR13 = 13;
    public const int RegisterR14 = 14;
    public const int RegisterR15 = 15;
    public const int RegisterReturnAddress = 16;
#pragma warning restore CS1591, CA1707
}
