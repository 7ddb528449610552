/**
 * What an instance does when it is born: fetch the release, write the settings, install and start its program, send
 * its log to CloudWatch. Runs once, as root, on Amazon Linux 2023. Pure.
 */
export interface Birth {
  program: string;
  region: string;
  /** `s3://<bucket>/<release>`, and what lies there. */
  release: string;
  files: readonly string[];
  environment: Readonly<Record<string, string>>;
  logGroup: string;
}

export function userData({ program, region, release, files, environment, logGroup }: Birth): string {
  const wanted = files.filter((file) => !isExecutable(file) || file === `gas-${program}`);
  const settings = { AWS_REGION: region, ...environment };
  return `#!/bin/bash
set -euo pipefail
export AWS_DEFAULT_REGION=${region}

mkdir -p /root/gas-release && cd /root/gas-release
for file in ${wanted.map((file) => `'${file}'`).join(' ')}; do
  aws s3 cp --only-show-errors "${release}/$file" "$file"
done

mkdir -p /etc/gas
cat > /etc/gas/gas.env <<'SETTINGS'
${Object.entries(settings)
  .map(([name, value]) => `${name}=${value}`)
  .join('\n')}
SETTINGS
${environment['GAS_THREADS'] ? '' : 'echo "GAS_THREADS=$(nproc)" >> /etc/gas/gas.env\n'}chmod 640 /etc/gas/gas.env

# The JSON lines go to a file for the CloudWatch agent, which cannot read the journal.
mkdir -p /var/log/gas /etc/systemd/system/gas-.service.d
cat > /etc/systemd/system/gas-.service.d/log-file.conf <<'UNIT'
[Service]
StandardOutput=append:/var/log/gas/${program}.log
StandardError=inherit
UNIT
cat > /etc/logrotate.d/gas <<'ROTATE'
/var/log/gas/*.log {
  size 100M
  rotate 2
  copytruncate
  missingok
}
ROTATE

sh install.sh ${program}

dnf install --quiet --assumeyes amazon-cloudwatch-agent logrotate
cat > /opt/aws/amazon-cloudwatch-agent/etc/gas.json <<'AGENT'
${JSON.stringify(agentSettings(program, logGroup), null, 2)}
AGENT
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \\
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/gas.json
`;
}

/** Whether a file of a release is a program; each instance needs one of them. */
function isExecutable(file: string): boolean {
  return /^(gas|anntools)(-[a-z]+)?$/.test(file);
}

function agentSettings(program: string, log_group_name: string) {
  const file = { file_path: `/var/log/gas/${program}.log`, log_group_name, log_stream_name: '{instance_id}' };
  return { logs: { logs_collected: { files: { collect_list: [file] } } } };
}
