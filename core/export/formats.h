/* SPDX-License-Identifier: MIT */
/* The descriptors of the formats, one a file, for export_table.c. */
#ifndef EXPORT_FORMATS_H
#define EXPORT_FORMATS_H

#include "core/export/export.h"

extern const struct export_format export_findings_text, export_findings_json;

extern const struct export_format export_handover_text, export_handover_html,
    export_handover_pdf, export_handover_json, export_handover_junit;

extern const struct export_format export_request_text, export_request_html,
    export_request_pdf, export_request_csv, export_request_json,
    export_request_servicenow, export_request_jira, export_request_edl_ip,
    export_request_edl_domain, export_request_edl_url;

/* In the language of one firewall. */
extern const struct export_format export_request_nftables,
    export_request_dnsmasq, export_request_fortios, export_request_panos,
    export_request_asa, export_request_srx, export_request_checkpoint,
    export_request_routeros, export_request_iptables, export_request_windows,
    export_request_sophos, export_request_azure, export_request_aws,
    export_request_pf, export_request_opnsense, export_request_unifi,
    export_request_aerleon;

#endif
